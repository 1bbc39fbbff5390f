"""What a handle may be: the @name in the address of a wall."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.people.models import FormerHandle, User

LONGEST = 15
LOOSE = "[A-Za-z0-9_]{1,15}"  # as people write it: capitals are one with small letters
IN_A_PATH = re.compile(rf"(?<=/@){LOOSE}(?=/)")
TAKEN = _("Somebody has this handle already.")

# No handle looks like a page of ours, or like somebody who speaks for us.
RESERVED = frozenset(
    """
    about account accounts admin api app apps assets auth block blocks blog calendar comment comments contact cookies
    dashboard delete deleted diary discover docs download edit en entries entry error errors explore export faq
    favicon feed feeds film films follow followers following genre genres goodbye guest healthz help history home hooks image images
    import imports index ja legal list lists login logout manifest media metrics movie movies mute new news
    notifications oauth oauth2 oembed offline page pages people person persons policy poster posters press privacy profile random rate
    register release releases report reports reviews robots rss search security service-worker session sessions settings share
    sign-in sign-out signin signout signup sitemap static stats status tag tags terms tmdb tos undo unsubscribe upcoming user
    users viewing viewings wall walls watch watchlist webhook webhooks welcome welcome-back well-known wish wishes
    administrator anonymous bot everybody everyone info mail me moderator mymovie no-reply nobody noreply official
    owner postmaster root security staff support sysadmin system team webmaster you
    false nan none null true undefined
    """.split()  # noqa: SIM905 - a list would be a hundred lines
)


def tidy(text: str) -> str:
    """What was meant: full-width letters, capitals, and an @ in front are all one to us."""
    return unicodedata.normalize("NFKC", text).strip().removeprefix("@").lower()


def is_possible(handle: str) -> bool:
    return re.fullmatch(r"[a-z0-9_]{1,15}", handle) is not None


def validate(handle: str) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", handle):
        raise ValidationError(_("Use only the letters a to z, the digits 0 to 9 and _."), code="characters")
    if len(handle) > LONGEST:
        raise ValidationError(_("Use at most 15 characters."), code="too_long")
    if handle in RESERVED:
        raise ValidationError(_("This handle is kept for the site itself."), code="reserved")


def is_free(handle: str, *, owner: User | None = None) -> bool:
    """Whether `owner`, or with None a newcomer, may have it: nobody else has it, or had it until lately.

    In one statement: somebody who gives it up in this moment still has it, or had it already.
    """
    held = User.objects.filter(handle=handle)
    kept = FormerHandle.objects.filter(handle=handle, kept_until__gt=timezone.now())
    if owner:
        held, kept = held.exclude(pk=owner.pk), kept.exclude(owner=owner)
    return not held.values("pk").union(kept.values("pk"), all=True).exists()


def suggest(name: str) -> str:
    """A free handle like `name`; "" where its script leaves none."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", ascii_name).strip("_")
    if not base:
        return ""
    candidates = [base[:LONGEST], *(f"{base[: LONGEST - 2]}{number}" for number in range(2, 100))]
    held = User.objects.filter(handle__in=candidates).values_list("handle")
    kept = FormerHandle.objects.filter(handle__in=candidates, kept_until__gt=timezone.now()).values_list("handle")
    taken = {handle for (handle,) in held.union(kept)} | RESERVED
    return next((candidate for candidate in candidates if candidate not in taken), "")
