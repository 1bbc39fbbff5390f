import structlog
from django.db import transaction
from django.utils import timezone

from accounts.identity import letters
from accounts.identity.sessions import SessionStore
from accounts.mail.delivery import deliver
from accounts.models import FormerHandle, User
from accounts.moderation.services import forget_what_was
from accounts.people.models import DELETION_AFTER
from accounts.people.services.avatars import files_of
from accounts.people.services.profile import keep_handle
from mymovie.uploads import StorageAway, delete

log = structlog.get_logger(__name__)


def end_accounts() -> int:
    """End those that were to be deleted long enough ago, with all that hangs on them; says how many."""
    due = User.objects.filter(deletion_asked_at__lte=timezone.now() - DELETION_AFTER)
    ended = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        try:
            ended += _end(pk)
        except StorageAway:
            log.warning("account.waiting", person=pk)
        except Exception:
            log.exception("account.not_ended", person=pk)  # one that cannot end must not keep the others
    return ended


def _end(pk: int) -> bool:
    if leaver := User.objects.filter(pk=pk).first():
        delete(files_of(leaver))  # first, as without the row nobody would know of them; raises StorageAway
    with transaction.atomic():
        still_due = User.objects.select_for_update().filter(
            pk=pk, deletion_asked_at__lte=timezone.now() - DELETION_AFTER
        )
        if not (person := still_due.first()):
            return False  # they thought better of it, or another worker was quicker
        keep_handle(person.handle, owner=None)
        forget_what_was(person)
        person.delete()
    log.info("account.ended", person=pk)
    return True


def forget_former_handles() -> int:
    return FormerHandle.objects.filter(kept_until__lte=timezone.now()).delete()[0]


def forget_ended_sessions() -> None:
    SessionStore.clear_expired()


def mail_leaving(notice_id: int) -> None:
    deliver(notice_id, letters.leaving)
