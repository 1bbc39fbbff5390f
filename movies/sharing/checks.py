"""Without our fonts pictures would show empty boxes for letters: nothing starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from movies.sharing.painting import fonts


@register("fonts")
def fonts_are_there(**_: Any) -> list[CheckMessage]:
    try:
        fonts.require()
    except fonts.NoFonts as error:
        return [Error(str(error), hint="Install the requirements anew.", id="fonts.E001")]
    return []
