"""What people are told of others by mail: when it is written, and whether it is still true when it goes out."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.mail.models import Kind, Notice, State
from accounts.models import Follow, User, Visibility
from accounts.people import jobs
from accounts.people.services.following import accept, block, follow, unfollow
from tests.factories import FollowFactory, MailboxFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> User:
    """Somebody whose wall is for followers."""
    return MailboxFactory(user=UserFactory(handle="hanako", language="en", wall_visibility=Visibility.FOLLOWERS)).user


@pytest.fixture
def asker() -> User:
    return UserFactory(handle="taro", display_name="太郎")


def sent() -> list[str]:
    """Send what is to be sent; the subjects of all that was."""
    for notice in Notice.objects.filter(state=State.NEW, kind=Kind.REQUEST).order_by("pk"):
        jobs.mail_request(notice.pk)
    return [one.subject for one in mail.outbox]


def test_who_asks_to_follow_is_told_of(closed: User, asker: User) -> None:
    follow(follower=asker, followee=closed)

    (subject,) = sent()

    assert "太郎" in subject
    (letter,) = mail.outbox
    assert letter.to == [closed.mailbox.address]
    assert "@taro" in letter.body
    assert "/en/@hanako/followers/#requests" in letter.body
    assert Notice.objects.get().about == {"follower": asker.pk}


def test_who_may_follow_at_once_asks_nobody(asker: User) -> None:
    follow(follower=asker, followee=MailboxFactory().user)

    assert not Notice.objects.exists()


def test_asking_again_is_told_of_once_a_day(closed: User, asker: User) -> None:
    for _ in range(2):
        follow(follower=asker, followee=closed)
        follow(follower=asker, followee=closed)
        assert len(sent()) == 1
        unfollow(follower=asker, followee=closed)

    Notice.objects.update(created_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    follow(follower=asker, followee=closed)

    assert len(sent()) == 2


def test_asking_again_before_the_mail_went_out_is_told_of_once(closed: User, asker: User) -> None:
    for _ in range(2):
        follow(follower=asker, followee=closed)
        unfollow(follower=asker, followee=closed)
    follow(follower=asker, followee=closed)

    assert len(sent()) == 1


def test_a_request_that_was_taken_back_in_time_and_is_asked_anew_is_told_of(closed: User, asker: User) -> None:
    follow(follower=asker, followee=closed)
    unfollow(follower=asker, followee=closed)
    assert sent() == []

    follow(follower=asker, followee=closed)

    assert len(sent()) == 1


def test_one_person_whose_number_begins_like_that_of_another_is_another(closed: User, asker: User) -> None:
    NoticeFactory(recipient=closed, kind=Kind.REQUEST, key=f"request {asker.pk}1 5", state=State.SENT)

    follow(follower=asker, followee=closed)

    assert len(sent()) == 1


LATER = {
    "taken back": lambda closed, asker: unfollow(follower=asker, followee=closed),
    "accepted": lambda closed, asker: accept(followee=closed, follower=asker),
    "blocked": lambda closed, asker: block(blocker=closed, blocked=asker),
    "blocked by them": lambda closed, asker: block(blocker=asker, blocked=closed),
    "suspended": lambda closed, asker: User.objects.filter(pk=asker.pk).update(
        is_active=False, suspended_at=timezone.now()
    ),
    "leaving": lambda closed, asker: User.objects.filter(pk=closed.pk).update(
        is_active=False, deletion_asked_at=timezone.now()
    ),
    "gone": lambda closed, asker: asker.delete(),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_a_request_that_is_none_any_more_is_not_told_of(closed: User, asker: User, later) -> None:
    follow(follower=asker, followee=closed)
    later(closed, asker)

    assert sent() == []

    assert Notice.objects.get().state == State.DROPPED


def test_who_asks_from_behind_a_private_wall_is_named(closed: User) -> None:
    follow(follower=UserFactory(wall_visibility=Visibility.PRIVATE, display_name="Hidden"), followee=closed)

    assert "Hidden" in sent()[0]


# The digest


def digest(person: User, *, hours: int = 24) -> Notice:
    now = timezone.now()
    since, until = now - datetime.timedelta(hours=hours), now + datetime.timedelta(minutes=1)
    about = {"since": since.isoformat(), "until": until.isoformat()}
    return NoticeFactory(recipient=person, kind=Kind.FOLLOWERS, about=about)


def told(notice: Notice) -> str:
    jobs.mail_followers(notice.pk)
    return mail.outbox[-1].body if mail.outbox else ""


def test_new_followers_are_named_the_newest_first(closed: User) -> None:
    now = timezone.now()
    for number, name in enumerate(["三郎", "次郎", "太郎"]):
        FollowFactory(
            followee=closed, follower__display_name=name, accepted_at=now - datetime.timedelta(hours=3 - number)
        )

    body = told(digest(closed))

    assert [line[2:4] for line in body.splitlines() if line.startswith("- ")] == ["太郎", "次郎", "三郎"]
    assert "3 " in mail.outbox[0].subject


def test_one_new_follower_stands_in_the_subject(closed: User, asker: User) -> None:
    FollowFactory(followee=closed, follower=asker)

    told(digest(closed))

    assert "太郎" in mail.outbox[0].subject


def test_of_many_ten_are_named_and_the_rest_counted(closed: User) -> None:
    FollowFactory.create_batch(13, followee=closed)

    body = told(digest(closed))

    assert sum(line.startswith("- ") for line in body.splitlines()) == 10
    assert "and 3 more" in body


def test_who_was_told_of_before_or_is_not_to_be_seen_is_left_out(closed: User) -> None:
    FollowFactory(followee=closed, follower__handle="old", accepted_at=timezone.now() - datetime.timedelta(days=2))
    FollowFactory(followee=closed, follower__handle="asking", accepted_at=None)
    FollowFactory(
        followee=closed, follower__handle="gone", follower__is_active=False, follower__suspended_at=timezone.now()
    )
    FollowFactory(
        follower=closed, followee=FollowFactory(followee=closed, follower__handle="muted").follower, is_muted=True
    )
    FollowFactory(followee=closed, follower__handle="good")

    body = told(digest(closed))

    assert [line.split("@")[1] for line in body.splitlines() if line.startswith("- ")] == ["good)"]


def test_where_nobody_is_left_nothing_is_said(closed: User) -> None:
    FollowFactory(followee=closed)
    notice = digest(closed)
    Follow.objects.all().delete()

    assert told(notice) == ""

    notice.refresh_from_db()
    assert notice.state == State.DROPPED
