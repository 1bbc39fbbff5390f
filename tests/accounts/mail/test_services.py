import datetime
import itertools
import json

import pytest
from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.mail.models import Kind, Mailbox, Notice, State
from accounts.mail.services import NewNotice, choose, keep_address, notify, notify_all, turn_off, use_again
from mymovie.outbox.models import Message
from tests.factories import MailboxFactory, UserFactory

pytestmark = pytest.mark.django_db


@shared_task
def post(notice_id: int) -> None:
    """The mails of these tests are written, and not sent."""


@pytest.fixture(autouse=True)
def _route(settings: Settings) -> None:
    settings.CELERY_TASK_ROUTES = settings.CELERY_TASK_ROUTES | {post.name: {"queue": "mail-bulk"}}


def told(mailbox: Mailbox, key: str = "request 1", **changes) -> bool:
    return notify(task=post, recipient_id=mailbox.pk, kind=Kind.REQUEST, key=key, **changes)


def many(kind: Kind = Kind.REMINDER, **changes) -> list[NewNotice]:
    return [NewNotice(mailbox.pk, kind, "film 1", **changes) for mailbox in MailboxFactory.create_batch(3)]


def test_a_notice_and_its_task_are_written_together() -> None:
    later = timezone.now() + datetime.timedelta(hours=1)

    assert told(mailbox := MailboxFactory(), about={"follower": 7}, available_at=later, not_after=later)

    notice, message = Notice.objects.get(), Message.objects.get()
    assert (notice.recipient_id, notice.kind, notice.state, notice.task) == (mailbox.pk, "request", "new", post.name)
    assert (notice.about, notice.not_after) == ({"follower": 7}, later)
    assert (message.task, message.queue) == (post.name, "mail-bulk")
    assert (message.kwargs, message.available_at) == ({"notice_id": notice.pk}, later)


def test_nobody_is_told_the_same_twice() -> None:
    mailbox = MailboxFactory()

    assert [told(mailbox), told(mailbox), told(MailboxFactory())] == [True, False, True]

    assert Message.objects.count() == Notice.objects.count() == 2


def test_staff_are_told_the_same_once() -> None:
    answers = [notify(task=post, recipient_id=None, kind=Kind.CONTACT, key="contact 1") for _ in range(2)]

    assert answers == [True, False]


def test_a_notice_of_an_act_that_is_taken_back_is_not_written() -> None:
    mailbox = MailboxFactory()

    with transaction.atomic():
        told(mailbox)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not Notice.objects.exists()


SHUT = [{"address": ""}, {"bounced_at": timezone.now()}, {"complained_at": timezone.now()}, {"wants_requests": False}]


@pytest.mark.parametrize("shut", SHUT)
def test_who_cannot_or_will_not_be_told_is_not(shut: dict) -> None:
    mailbox = MailboxFactory(**shut)

    assert not told(mailbox)
    assert notify_all(task=post, notices=[NewNotice(mailbox.pk, Kind.REQUEST, "a")]) == 0
    assert not Notice.objects.exists()


def test_who_has_no_mailbox_is_not_told() -> None:
    stranger = UserFactory()

    assert not notify(task=post, recipient_id=stranger.pk, kind=Kind.REQUEST, key="a")
    assert notify_all(task=post, notices=[NewNotice(stranger.pk, Kind.REQUEST, "a")]) == 0


def test_what_concerns_the_account_cannot_be_turned_off() -> None:
    mailbox = MailboxFactory(wants_reminders=False, wants_requests=False, wants_followers=False)

    assert notify(task=post, recipient_id=mailbox.pk, kind=Kind.LEAVING, key="a")


def test_many_are_told_at_once_and_once() -> None:
    not_after = timezone.now() + datetime.timedelta(days=1)
    notices = many(about={"film": 5}, not_after=not_after)

    assert notify_all(task=post, notices=notices) == 3
    assert notify_all(task=post, notices=[*notices, *many()]) == 3

    written = Notice.objects.filter(about={"film": 5}, not_after=not_after, state=State.NEW, task=post.name)
    assert written.count() == 3
    assert set(Message.objects.values_list("kwargs__notice_id", flat=True)) == set(
        Notice.objects.values_list("pk", flat=True)
    )


def test_many_are_told_with_few_queries(django_assert_num_queries) -> None:
    notices = many()

    # Savepoint and its end, who is willing, the notices, their turns, the tasks (and a savepoint of bulk_create's).
    with django_assert_num_queries(6):
        notify_all(task=post, notices=notices)


def planned() -> list[datetime.datetime]:
    return list(Message.objects.order_by("available_at").values_list("available_at", flat=True))


def gaps(moments: list[datetime.datetime]) -> list[float]:
    return [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(moments)]


def test_bulk_is_spread_at_four_fifths_of_the_pace(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 1
    nine = timezone.now().replace(minute=1, second=0, microsecond=0) + datetime.timedelta(hours=2)

    notify_all(task=post, notices=many(available_at=nine))
    notify_all(task=post, notices=many(available_at=nine))

    assert planned()[0] == nine
    assert gaps(planned()) == [pytest.approx(1.25)] * 5


def test_bulk_of_tomorrow_does_not_keep_back_that_of_today(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 1
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    notify_all(task=post, notices=many(available_at=tomorrow))

    notify_all(task=post, notices=many())

    assert sum(moment < timezone.now() + datetime.timedelta(minutes=1) for moment in planned()) == 3


def test_what_a_slot_cannot_take_goes_to_the_next_at_the_same_pace(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 1
    end_of_slot = timezone.now().replace(minute=10, second=0, microsecond=0) + datetime.timedelta(hours=2)

    for _ in range(2):
        notify_all(task=post, notices=many(available_at=end_of_slot - datetime.timedelta(seconds=3)))

    assert min(gaps(planned())) >= 1.0
    assert planned()[-1] > end_of_slot


def test_urgent_mail_to_many_waits_for_no_turn(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 1

    notify_all(task=post, notices=many(Kind.REQUEST))

    assert max(planned()) <= timezone.now()


def test_planners_at_once_write_a_notice_once() -> None:
    notices = many()
    notify_all(task=post, notices=[notices[0], notices[0]])

    with connection.cursor() as cursor:
        cursor.execute("SELECT about FROM accounts_notice")
        assert [json.loads(about) for (about,) in cursor.fetchall()] == [{}]
    assert Message.objects.count() == 1


def test_an_address_is_kept_as_the_provider_says_it() -> None:
    person = UserFactory()

    keep_address(user=person, address="hanako@example.com")
    keep_address(user=person, address="")

    assert Mailbox.objects.get(pk=person.pk).address == ""


def test_a_new_address_is_not_the_one_that_mail_came_back_from() -> None:
    mailbox = MailboxFactory(bounced_at=timezone.now(), complained_at=timezone.now(), wants_requests=False)

    keep_address(user=mailbox.user, address=mailbox.address)
    mailbox.refresh_from_db()
    assert mailbox.bounced_at

    keep_address(user=mailbox.user, address="new@example.com")
    mailbox.refresh_from_db()
    assert (mailbox.address, mailbox.bounced_at) == ("new@example.com", None)
    assert mailbox.complained_at, "who called it unwanted may still think so"
    assert not mailbox.wants_requests


@pytest.mark.parametrize(
    ("kind", "column"),
    [(Kind.REMINDER, "wants_reminders"), (Kind.REQUEST, "wants_requests"), (Kind.FOLLOWERS, "wants_followers")],
)
def test_a_kind_is_turned_off_alone(kind: Kind, column: str) -> None:
    mailbox, other = MailboxFactory(), MailboxFactory()

    for _ in range(2):
        turn_off(user_pk=mailbox.pk, kind=kind)

    mailbox.refresh_from_db()
    other.refresh_from_db()
    assert [
        name for name in ("wants_reminders", "wants_requests", "wants_followers") if not getattr(mailbox, name)
    ] == [column]
    assert other.wants(kind)


def test_who_wants_to_hear_of_followers_again_does_not_hear_of_those_who_came_meanwhile() -> None:
    long_ago = timezone.now() - datetime.timedelta(days=300)
    mailbox = MailboxFactory(wants_followers=False, followers_told_until=long_ago)

    choose(user_pk=mailbox.pk, switches={"wants_requests": False})
    mailbox.refresh_from_db()
    assert mailbox.followers_told_until == long_ago

    choose(user_pk=mailbox.pk, switches={"wants_followers": True})
    mailbox.refresh_from_db()
    assert mailbox.followers_told_until > long_ago
    assert (mailbox.wants_followers, mailbox.wants_requests) == (True, False)


def test_who_has_no_mailbox_yet_may_choose() -> None:
    person = UserFactory()

    choose(user_pk=person.pk, switches={"wants_followers": False})

    assert not Mailbox.objects.get(pk=person.pk).wants_followers


def test_an_address_that_was_closed_is_used_again() -> None:
    mailbox = MailboxFactory(bounced_at=timezone.now(), complained_at=timezone.now())

    use_again(user_pk=mailbox.pk)

    mailbox.refresh_from_db()
    assert mailbox.is_open
