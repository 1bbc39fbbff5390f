"""Mail while workers are killed, the queue errs, repeats and forgets, and the mail service does: nobody is written to
twice, nothing is lost, and what is in doubt is known."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.mail.events import take_event
from accounts.mail.models import Kind, Notice, State
from accounts.mail.sending import TAG
from accounts.mail.services import NewNotice, notify_all
from movies.releases import tasks
from mymovie import queues
from mymovie.outbox.models import Message
from tests.factories import FilmFactory, MailboxFactory, WishFactory
from tests.faults.conftest import Start, kill, relay, until, waiting, worker
from tests.faults.figures import Note
from tests.faults.serving import IS_WHOLE
from tests.standins.ses import Ses, running_ses
from tests.standins.sqs import SqsStandIn

pytestmark = pytest.mark.django_db(transaction=True)

MAILS, KILLS = (10_000, 25) if IS_WHOLE else (200, 6)


@pytest.fixture
def moody_ses() -> Iterator[Ses]:
    with running_ses() as ses:
        ses.moodiness, ses.hangs_for = 0.02, 0.05
        yield ses


def mail_worker(processes: Start, moody_ses: Ses):
    return worker(processes, queue="mail-bulk", aws_endpoint_url_sesv2=moody_ses.address, mail_per_second="1000")


def write_to_all(count: int) -> None:
    """That a film's day is off, which is true at any time of the day."""
    film = FilmFactory()
    wishes = [WishFactory(owner=MailboxFactory().user, film=film) for _ in range(count)]
    about = {"event": "withdrawn", "film": film.pk, "channel": "cinema", "day": None, "was": "2026-12-04"}
    notices = [NewNotice(wish.owner_id, Kind.REMINDER, "withdrawn", about | {"wish": wish.pk}) for wish in wishes]
    with transaction.atomic():
        assert notify_all(task=tasks.send_reminder, notices=notices) == count
    Message.objects.update(available_at=Notice.objects.earliest("pk").created_at)  # all of it now


def states() -> Counter[str]:
    return Counter(Notice.objects.values_list("state", flat=True))


def is_at_an_end() -> bool:
    """Nothing waits but for dead letters; what the mail service did not take need not wait for its time."""
    Message.objects.update(available_at=timezone.now())
    return states()[State.NEW] == waiting("mail-bulk-dlq") and waiting("mail-bulk") == 0


def test_nobody_is_written_to_twice_whatever_is_killed_or_forgotten(
    processes: Start, fast_sqs: SqsStandIn, moody_ses: Ses, note: Note
) -> None:
    queues.client().set_queue_attributes(QueueUrl=queues.url_of("mail-bulk"), Attributes={"VisibilityTimeout": "4"})
    write_to_all(MAILS)
    fast_sqs.suffer(error_share=0.05, duplicate_share=0.05, lost_ack_share=0.05)
    chance, working = random.Random(7), mail_worker(processes, moody_ses)
    relay(processes)

    for _ in range(KILLS):
        before = len(moody_ses.asked)
        assert until(lambda before=before: len(moody_ses.asked) > before, seconds=30)
        time.sleep(chance.uniform(0, 0.5))
        kill(working)
        working = mail_worker(processes, moody_ses)
    fast_sqs.suffer()
    moody_ses.moodiness = moody_ses.hangs_for = 0.0

    assert until(is_at_an_end, seconds=60 + MAILS / 10)
    taken = Counter(moody_ses.notices)
    ended = states()
    in_doubt = ended[State.IN_DOUBT] + ended[State.CLAIMED]
    note("R5", f"mails that were sent, of {MAILS:,}, with {KILLS} workers killed", ended[State.SENT])
    note("R5", "in doubt", in_doubt)
    note("R5", "left to staff as dead letters", ended[State.NEW])
    note("R5", "most letters to one person", max(taken.values()), at_most=1)
    assert max(taken.values()) == 1, "written to twice"
    assert ended[State.NEW] == waiting("mail-bulk-dlq"), "lost"
    assert ended[State.SENT] + in_doubt + ended[State.NEW] == MAILS
    assert in_doubt < MAILS / 4
    # The mail service knows which of those in doubt it has taken.
    for pk in taken:
        take_event(json.dumps({"eventType": "Send", "mail": {"messageId": f"m{pk}", "tags": {TAG: [str(pk)]}}}))
    assert states()[State.SENT] == len(taken)
