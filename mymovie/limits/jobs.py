from django.utils import timezone

from mymovie.limits import services


def forget_past() -> int:
    return services.forget_past(timezone.now())
