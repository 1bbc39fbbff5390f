from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MoviesConfig(AppConfig):
    name = "movies"
    verbose_name = _("Films")

    def ready(self) -> None:
        from movies.diary import export
        from movies.imports import export_parts
        from movies.sharing import checks  # noqa: F401 - registers itself

        export.PARTS.extend(export_parts.PARTS)
