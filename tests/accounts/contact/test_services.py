import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.contact.services import MESSAGES, SAME_WITHIN, tell_staff_of_the_rest, write_to_staff
from accounts.models import ContactMessage
from mymovie.limits.services import Exceeded
from tests.factories import ContactMessageFactory, UserFactory

pytestmark = pytest.mark.django_db


def write(**changes):
    message = {
        "sender": None,
        "counted_as": "somebody",
        "language": "ja",
        "category": "question",
        "email": "somebody@example.com",
        "text": "How?",
    }
    return write_to_staff(**message | changes)


def test_the_same_words_sent_twice_are_one_message():
    assert write() == write()
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize("change", [{"text": "Why?"}, {"email": "another@example.com"}])
def test_other_words_or_another_address_are_another_message(change):
    write()

    write(**change)

    assert ContactMessage.objects.count() == 2


def test_the_same_words_of_two_people_are_two_messages():
    for sender in (None, UserFactory(), UserFactory()):
        write(sender=sender)

    assert ContactMessage.objects.count() == 3


def test_the_same_words_some_time_later_are_another_message():
    write()
    ContactMessage.objects.update(written_at=timezone.now() - SAME_WITHIN - datetime.timedelta(seconds=1))

    write()

    assert ContactMessage.objects.count() == 2


def test_what_comes_twice_counts_once_and_is_not_too_often():
    for n in range(MESSAGES.most):
        write(text=f"{n}")

    write(text="0")

    with pytest.raises(Exceeded):
        write(text="new")
    assert ContactMessage.objects.count() == MESSAGES.most


def write_in_a_thread(text: str) -> bool:
    try:
        write(text=text)
    except Exceeded:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.django_db(transaction=True)
def test_the_same_words_many_times_at_once_are_one_message():
    with ThreadPoolExecutor(6) as people:
        assert all(people.map(write_in_a_thread, ["How?"] * 12))

    assert ContactMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_messages_at_once_are_kept_up_to_the_limit():
    with ThreadPoolExecutor(6) as people:
        kept = list(people.map(write_in_a_thread, map(str, range(12))))

    assert kept.count(True) == ContactMessage.objects.count() == MESSAGES.most


def test_staff_are_told_of_what_an_older_version_kept_and_once():
    ContactMessageFactory()
    ContactMessage.objects.update(written_at=timezone.now() - datetime.timedelta(hours=1))

    assert [tell_staff_of_the_rest(), tell_staff_of_the_rest()] == [1, 0]


def test_what_was_written_long_ago_is_not_told_again():
    ContactMessageFactory()
    ContactMessage.objects.update(written_at=timezone.now() - datetime.timedelta(days=180))

    assert tell_staff_of_the_rest() == 0
