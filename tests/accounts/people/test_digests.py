import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.mail.models import Kind, Mailbox, Notice
from accounts.models import User
from accounts.people import digests
from accounts.people.digests import tell_of_followers
from mymovie.outbox.models import Message
from tests.factories import FollowFactory, MailboxFactory, UserFactory

pytestmark = pytest.mark.django_db

NINE_IN_TOKYO = datetime.datetime(2026, 11, 25, 9, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Sets what time it is."""

    def set_to(moment: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(NINE_IN_TOKYO)
    return set_to


def followed(
    *, time_zone: str = "Asia/Tokyo", at: datetime.datetime = NINE_IN_TOKYO - 2 * HOUR, **mailbox: object
) -> User:
    """Somebody whom a new person follows."""
    person = UserFactory(time_zone=time_zone)
    MailboxFactory(user=person, **{"followers_told_until": NINE_IN_TOKYO - DAY, **mailbox})
    FollowFactory(followee=person, accepted_at=at)
    return person


def planned() -> set[int]:
    return set(Notice.objects.values_list("recipient", flat=True))


def test_it_is_told_at_nine_where_one_is(clock) -> None:
    here = followed()
    followed(time_zone="Europe/London")
    half_past = followed(time_zone="Australia/Adelaide")  # 10:50
    assert tell_of_followers() == 1
    assert planned() == {here.pk}

    clock(NINE_IN_TOKYO - HOUR)
    tell_of_followers()

    assert planned() == {here.pk, half_past.pk}


def test_what_is_planned_says_since_when_and_the_mailbox_until_when(clock) -> None:
    person = followed()

    tell_of_followers()

    notice, mailbox = Notice.objects.get(), Mailbox.objects.get()
    until = NINE_IN_TOKYO - digests.SETTLED_AFTER
    assert (notice.kind, notice.recipient_id) == (Kind.FOLLOWERS, person.pk)
    assert notice.about == {
        "since": (NINE_IN_TOKYO - DAY).astimezone(datetime.UTC).isoformat(),
        "until": until.isoformat(),
    }
    assert mailbox.followers_told_until == until
    assert Message.objects.get().queue == "mail-bulk"


def test_it_is_told_once_a_day_however_often_one_looks(clock) -> None:
    person = followed()
    tell_of_followers()
    FollowFactory(followee=person, accepted_at=NINE_IN_TOKYO + datetime.timedelta(minutes=5))

    clock(NINE_IN_TOKYO + datetime.timedelta(minutes=30))
    assert tell_of_followers() == 0
    assert Mailbox.objects.get().followers_told_until < NINE_IN_TOKYO, "the next day tells of the one who came late"

    clock(NINE_IN_TOKYO + DAY)
    assert tell_of_followers() == 1


NOBODY_TO_TELL = {
    "turned off": {"wants_followers": False},
    "no address": {"address": ""},
    "mail came back": {"bounced_at": NINE_IN_TOKYO},
    "told already": {"followers_told_until": NINE_IN_TOKYO - HOUR},
    "only just": {"at": NINE_IN_TOKYO},
}


@pytest.mark.parametrize("why", NOBODY_TO_TELL.values(), ids=NOBODY_TO_TELL)
def test_where_there_is_nothing_to_tell_nothing_is_planned(clock, why: dict) -> None:
    followed(**why)

    assert tell_of_followers() == 0

    assert not Notice.objects.exists()


def test_who_asks_is_no_follower_yet(clock) -> None:
    person = followed(followers_told_until=NINE_IN_TOKYO - HOUR)
    FollowFactory(followee=person, accepted_at=None)

    assert tell_of_followers() == 0


def test_who_is_shut_out_is_told_nothing(clock) -> None:
    person = followed()
    User.objects.filter(pk=person.pk).update(is_active=False, suspended_at=NINE_IN_TOKYO)

    assert tell_of_followers() == 0


def test_many_are_planned_batch_by_batch(clock, monkeypatch) -> None:
    monkeypatch.setattr(digests, "BATCH", 2)
    people = {followed().pk for _ in range(5)}

    assert tell_of_followers() == 5

    assert planned() == people


def test_a_batch_takes_as_many_queries_as_one_person(clock, django_assert_num_queries) -> None:
    for _ in range(4):
        followed()

    # The batch and the empty one after it: each begins and ends, and looks who is due. The batch notes until when they are
    # told, and plans: who is willing, the notices, their turns, the tasks.
    with django_assert_num_queries(13):
        tell_of_followers()
