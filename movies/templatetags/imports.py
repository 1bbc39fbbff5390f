"""What templates say of imports."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from movies.imports.formats.registry import BY_NAME
from movies.imports.models import Batch, Row

register = template.Library()

MEANINGS = {
    Row.Outcome.NEW: gettext_lazy("Not yet on your wall, or not yet seen on that day."),
    Row.Outcome.CHANGED: gettext_lazy("On your wall already, and the file knows more of it."),
    Row.Outcome.SAME: gettext_lazy("Your wall says the same. Nothing is done."),
    Row.Outcome.KEPT: gettext_lazy("Your wall says something else. What you have written here stays."),
    Row.Outcome.DOUBTFUL: gettext_lazy("Several films may be meant, or none that we know. You choose."),
    Row.Outcome.REJECTED: gettext_lazy("We could not take these. Mend them in the file below and bring that again."),
    Row.Outcome.WAITING: gettext_lazy("These are still to come."),
}


@register.filter
def meaning(outcome: Row.Outcome) -> str:
    return str(MEANINGS[outcome])


@register.filter
def name_of(batch: Batch) -> str:
    """Of its file, else of whoever wrote it."""
    return batch.name or made_by(batch) or _("A file")


@register.filter
def made_by(batch: Batch) -> str:
    """The service whose format it is; "" where that is not known, or anybody's."""
    return BY_NAME[batch.format].label if batch.format in BY_NAME else ""


@register.filter
def percent(share: float) -> int:
    return min(int(share * 100), 100)


@register.filter
def time_left(seconds: int) -> str:
    """As roughly as it is known."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 90:
        near = -(-seconds // 10) * 10
        return ngettext("about %(n)d second left", "about %(n)d seconds left", near) % {"n": near}
    minutes = -(-seconds // 60)
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}
