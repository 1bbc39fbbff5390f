from io import BytesIO

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.mail.delivery import deliver
from accounts.people import letters
from accounts.people.avatars import AvatarError, paint, picture_names, token_of
from accounts.people.models import User
from mymovie.uploads import StorageAway, discard, kept_files

log = structlog.get_logger(__name__)


def paint_avatars() -> int:
    """Make the pictures of all that was uploaded; says of how many people. What storage is away for waits for the next
    time."""
    waiting = User.objects.exclude(avatar_upload="").order_by("pk").values_list("pk", "avatar_upload")
    painted = 0
    for pk, upload in waiting:
        try:
            painted += paint_avatar(pk, upload)
        except StorageAway:
            log.warning("avatars.waiting")
            break
        except Exception:
            log.exception("avatar.failed", person=pk)  # a fault of ours: one picture must not keep all others waiting
    return painted


def paint_avatar(pk: int, upload: str) -> bool:
    """True where the person now has the pictures of `upload`; False where it is none, or no longer theirs.

    Pictures are named after their upload: whoever paints it again writes the same files. Raises StorageAway.
    """
    token = token_of(upload)
    try:
        with kept_files() as storage, storage.open(upload) as file:
            original = BytesIO(file.read())
        pictures = paint(original)
    except (AvatarError, FileNotFoundError) as error:
        _give_up(pk, upload, error)
        return False
    for size, name in picture_names(token).items():
        _keep(name, pictures[size])
    former = _hang(pk, upload)
    if former:
        discard([upload, *picture_names(former.avatar).values()])
    elif not User.objects.filter(pk=pk, avatar=token).exists():  # else another painter was quicker
        discard([upload, *picture_names(token).values()])
    return former is not None


def _keep(name: str, picture: bytes) -> None:
    with kept_files() as storage:
        kept_as = storage.save(name, ContentFile(picture))
        if kept_as != name:
            storage.delete(kept_as)  # it was there already


@transaction.atomic
def _hang(pk: int, upload: str) -> User | None:
    """The row as it was; None where the person has thought better of it, or is gone."""
    former = User.objects.select_for_update(no_key=True).filter(pk=pk, avatar_upload=upload).first()
    if former:
        User.objects.raise_wall_revision([pk], is_public=True, avatar=token_of(upload), avatar_upload="")
    return former


def _give_up(pk: int, upload: str, error: Exception) -> None:
    waiting = User.objects.filter(pk=pk, avatar_upload=upload)
    if waiting.update(avatar_upload="", avatar_is_unreadable=True):
        log.warning("avatar.unreadable", person=pk, error=type(error).__name__)
        discard([upload])


def mail_request(notice_id: int) -> None:
    deliver(notice_id, letters.request)


def mail_followers(notice_id: int) -> None:
    deliver(notice_id, letters.followers)
