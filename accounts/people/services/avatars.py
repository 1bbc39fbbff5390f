"""A person's picture. What was uploaded is kept as it came until `paint_avatars` has made pictures of it."""

from secrets import token_hex

from django.core.files import File
from django.db import DatabaseError, transaction

from accounts.people import tasks
from accounts.people.avatars import picture_names, token_of, upload_name
from accounts.people.models import User
from mymovie.outbox import services as outbox
from mymovie.uploads import StorageAway, discard, kept_files

__all__ = ["StorageAway", "change_avatar", "files_of", "remove_avatar"]


def change_avatar(*, user: User, file: File) -> None:
    """Keep the file to be painted; what pages show stays until then. Raises StorageAway."""
    with kept_files() as storage:
        upload = storage.save(upload_name(token_hex(16)), File(file))  # not as the type that its sender claims
    try:
        former = _assign(user, avatar_upload=upload, avatar_is_unreadable=False)
    except (DatabaseError, User.DoesNotExist):
        discard([upload])
        raise
    discard(_files_to_paint(former))


def remove_avatar(*, user: User) -> None:
    """Back to initials, whatever is still to be painted; safe to repeat."""
    former = _assign(user, avatar="", avatar_upload="", avatar_is_unreadable=False)
    discard(files_of(former))


def files_of(user: User) -> list[str]:
    """All that is kept of their picture."""
    return [*_files_to_paint(user), *picture_names(user.avatar).values()]


def _files_to_paint(user: User) -> list[str]:
    """With the pictures of a painter who stopped halfway."""
    upload = user.avatar_upload
    return [upload, *picture_names(token_of(upload)).values()] if upload else []


@transaction.atomic
def _assign(user: User, **columns: object) -> User:
    """The row as it was; `user` is as it is now."""
    former = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if upload := columns.get("avatar_upload"):
        outbox.add(tasks.paint_avatar, person_id=user.pk, upload=upload)
    if columns.get("avatar", former.avatar) != former.avatar:
        User.objects.raise_wall_revision([user.pk], is_public=True, **columns)
    else:
        User.objects.filter(pk=user.pk).update(**columns)
    user.refresh_from_db()
    return former
