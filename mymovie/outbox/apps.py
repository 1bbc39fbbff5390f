from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "mymovie.outbox"
    label = "outbox"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from mymovie import checks  # noqa: F401 - registers them
