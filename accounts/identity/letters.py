import datetime

from django.utils import timezone

from accounts.mail.letters import Letter, write
from accounts.mail.models import Kind, Notice
from accounts.models import User
from accounts.people.models import DELETION_AFTER


def leaving(notice: Notice) -> Letter | None:
    """None where they have taken it back, or have asked anew since: then another mail says so."""
    person, asked_at = notice.recipient, datetime.datetime.fromisoformat(notice.about["asked_at"])
    return _leaving(notice, person, asked_at) if person and person.deletion_asked_at == asked_at else None


def sample_leaving(language: str) -> Letter:
    person = User(handle="hanako", display_name="花子", language=language)
    return _leaving(Notice(kind=Kind.LEAVING, recipient_id=0), person, timezone.now())


def _leaving(notice: Notice, person: User, asked_at: datetime.datetime) -> Letter:
    words = {"notice": notice, "person": person, "asked_at": asked_at, "gone_at": asked_at + DELETION_AFTER}
    return write("leaving", words, language=person.language, time_zone=person.time_zone)
