from django.utils import timezone

from mymovie.rest.models import Answer


def forget_answers() -> int:
    return Answer.objects.filter(ends_at__lt=timezone.now()).delete()[0]
