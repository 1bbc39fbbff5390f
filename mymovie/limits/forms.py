"""Limits on forms: whoever exceeds one gets the form back, with what was typed."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.utils.translation import gettext as _

from mymovie.limits.services import Exceeded, Limit, spend


def may_send(form: BaseForm, limit: Limit, *, who: str) -> bool:
    """Whether a form that is filled in rightly may be sent once more; else it says why not."""
    if not form.is_valid():
        return False
    try:
        spend(limit, who=who)
    except Exceeded as error:
        form.retry_after = error.retry_after  # type: ignore[attr-defined]
        form.add_error(None, _("That was too often. What you typed is still here: please wait a while."))
        return False
    return True


def told_when(response: HttpResponse, form: BaseForm) -> HttpResponse:
    """The page with a form that was refused by `may_send` is a 429, and says when to try again."""
    if retry_after := getattr(form, "retry_after", None):
        response.status_code = 429
        response.headers["Retry-After"] = str(retry_after)
    return response
