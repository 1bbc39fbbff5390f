"""What people say of themselves, and how they want the site to be. What pages show raises the wall's revision."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.people import handles
from accounts.people.models import HANDLE_KEPT_FOR, FormerHandle, User, Visibility
from accounts.people.services import following
from mymovie.folding import search_text

# What a stranger sees of somebody, or by what they see it.
SHOWN = {"display_name", "bio", "url", "avatar", "shows_age", "shows_tags", "time_zone", "wall_visibility"}


class ProfileError(Exception):
    pass


class HandleTaken(ProfileError):
    """Somebody else has it, or had it until lately."""


@transaction.atomic
def change_person(*, person: User, changes: dict[str, Any]) -> None:
    """Write these columns and no others: two windows that change different things both count."""
    if "wall_visibility" in changes:
        now = following.lock_with_those_around(person)
    else:
        (now,) = User.objects.in_one_order([person])
    if "display_name" in changes:
        changes = changes | {"search_text": search_text(now.handle, changes["display_name"])}
    shows_birth_date = now.shows_age and "birth_date" in changes
    User.objects.raise_wall_revision([person.pk], is_public=shows_birth_date or bool(SHOWN & changes.keys()), **changes)
    if changes.get("wall_visibility", now.wall_visibility) != now.wall_visibility:
        if changes["wall_visibility"] == Visibility.PUBLIC:
            following.wall_opened(now)
        following.recount_around(person=now)
    person.refresh_from_db()


def change_handle(*, person: User, handle: str) -> None:
    """The old one leads here for HANDLE_KEPT_FOR, and is nobody else's until then. Raises HandleTaken."""
    try:
        with transaction.atomic():
            (now,) = User.objects.in_one_order([person])
            if handle == now.handle:
                return
            if not handles.is_free(handle, owner=now):
                raise HandleTaken(handle)
            FormerHandle.objects.filter(handle=handle).delete()  # one's own, or one kept long enough
            keep_handle(now.handle, owner=now)
            text = search_text(handle, now.display_name)
            User.objects.raise_wall_revision([now.pk], is_public=True, handle=handle, search_text=text)
    except IntegrityError as error:
        raise HandleTaken(handle) from error
    person.refresh_from_db()


def keep_handle(handle: str, *, owner: User | None) -> None:
    """Let nobody have it for a while; without an owner it leads nowhere."""
    kept_until = timezone.now() + HANDLE_KEPT_FOR
    FormerHandle.objects.update_or_create(handle=handle, defaults={"owner": owner, "kept_until": kept_until})
