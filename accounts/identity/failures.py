"""What a person is told when a sign-in comes to nothing."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.identity import provider, services


class Failure(NamedTuple):
    status: int
    title: Promise | str
    advice: Promise | str
    may_try_again: bool = True


FAILURES: dict[type[Exception], Failure] = {
    provider.NotSetUp: Failure(
        503,
        _("Sign-in is not set up"),
        _("This site has no sign-in service yet. Every public wall is open without it."),
        may_try_again=False,
    ),
    provider.Unavailable: Failure(
        503,
        _("The sign-in service does not answer"),
        _("Nothing is lost. Please try again in a minute."),
    ),
    provider.Cancelled: Failure(
        200,
        _("You did not sign in"),
        _("Nothing has changed. You can sign in whenever you like."),
    ),
    provider.Refused: Failure(
        400,
        _("This sign-in is no longer good"),
        _("It took too long, was used already, or was begun in another browser. Please start again."),
    ),
    services.Deactivated: Failure(
        403,
        _("This account is closed"),
        _("It can no longer be used to sign in."),
        may_try_again=False,
    ),
}
