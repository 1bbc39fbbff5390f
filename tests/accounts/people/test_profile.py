import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.identity.provider import Identity
from accounts.identity.services import HandleTaken as TakenFromNewcomer
from accounts.identity.services import join
from accounts.models import FormerHandle, User
from accounts.people.models import HANDLE_KEPT_FOR
from accounts.people.services.profile import HandleTaken, change_handle, change_person
from mymovie.folding import search_text
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(handle="hanako", display_name="花子")


def again(person):
    return User.objects.get(pk=person.pk)


def columns(person):
    return User.objects.values().get(pk=person.pk)


def days_later(monkeypatch, **days):
    later = timezone.now() + datetime.timedelta(**days)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_only_what_has_changed_is_written(person):
    before = columns(person)

    change_person(person=person, changes={"bio": "映画が好き。"})

    raised = {name: before[name] + 1 for name in ("wall_revision", "public_revision")}
    assert columns(person) == before | raised | {"bio": "映画が好き。"}
    assert person.bio == "映画が好き。"


def test_two_windows_that_change_different_things_both_count(person):
    one, other = again(person), again(person)

    change_person(person=one, changes={"bio": "映画が好き。"})
    change_person(person=other, changes={"url": "https://example.com"})

    assert (again(person).bio, again(person).url) == ("映画が好き。", "https://example.com")
    assert again(person).public_revision == person.public_revision + 2


def test_one_is_found_by_the_name_one_has_now(person):
    change_person(person=person, changes={"display_name": "アメリ"})

    assert again(person).search_text == search_text("hanako", "アメリ")


def test_a_window_that_still_shows_the_old_handle_does_not_bring_it_back(person):
    stale = again(person)
    change_handle(person=person, handle="amelie")

    change_person(person=stale, changes={"display_name": "アメリ"})

    assert again(person).search_text == search_text("amelie", "アメリ")
    assert stale.handle == "amelie"


def test_a_new_handle_is_found_and_the_old_one_kept(person):
    before = timezone.now()

    change_handle(person=person, handle="amelie")

    kept = FormerHandle.objects.get()
    assert (person.handle, person.search_text) == ("amelie", search_text("amelie", "花子"))
    assert (kept.handle, kept.owner) == ("hanako", person)
    assert before + HANDLE_KEPT_FOR <= kept.kept_until <= timezone.now() + HANDLE_KEPT_FOR
    assert again(person).public_revision == 2


def test_the_same_handle_again_changes_nothing(person):
    before = columns(person)

    change_handle(person=person, handle="hanako")

    assert columns(person) == before
    assert not FormerHandle.objects.exists()


def test_nobody_else_has_a_handle_for_90_days_that_somebody_gave_up(person, monkeypatch):
    other = UserFactory()
    change_handle(person=person, handle="amelie")

    days_later(monkeypatch, days=89)
    with pytest.raises(HandleTaken):
        change_handle(person=other, handle="hanako")
    days_later(monkeypatch, days=2)
    change_handle(person=other, handle="hanako")

    assert (again(other).handle, again(person).handle) == ("hanako", "amelie")
    assert not FormerHandle.objects.filter(handle="hanako").exists()


def test_a_handle_that_was_left_without_an_owner_is_nobodys(person):
    FormerHandle.objects.create(handle="amelie", owner=None, kept_until=timezone.now() + HANDLE_KEPT_FOR)

    with pytest.raises(HandleTaken):
        change_handle(person=person, handle="amelie")

    assert again(person).handle == "hanako"


def test_whoever_gave_a_handle_up_may_take_it_back(person):
    for handle in ("amelie", "hanako"):
        change_handle(person=person, handle=handle)

    assert again(person).handle == "hanako"
    assert FormerHandle.objects.get().handle == "amelie"


def test_all_handles_one_has_given_up_are_kept(person):
    for handle in ("a", "b", "c"):
        change_handle(person=person, handle=handle)

    assert set(person.former_handles.values_list("handle", flat=True)) == {"hanako", "a", "b"}


def test_a_handle_given_up_twice_is_kept_from_the_last_time_on(person, monkeypatch):
    for handle in ("amelie", "hanako"):
        change_handle(person=person, handle=handle)
    days_later(monkeypatch, days=80)
    change_handle(person=person, handle="other")
    days_later(monkeypatch, days=20)

    with pytest.raises(HandleTaken):
        change_handle(person=UserFactory(), handle="hanako")


def test_a_handle_that_somebody_has_is_taken(person):
    UserFactory(handle="taro")

    with pytest.raises(HandleTaken):
        change_handle(person=person, handle="taro")

    assert again(person).handle == "hanako"
    assert not FormerHandle.objects.exists()


# Many at once


def at_once(*acts):
    """Each in a thread and a connection of its own, begun together: what they return, or raise of these."""
    together = threading.Barrier(len(acts), timeout=10)

    def run(act):
        together.wait()
        try:
            return act()
        except (HandleTaken, TakenFromNewcomer) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_four_who_want_one_handle_at_once_one_gets_it():
    people = UserFactory.create_batch(4)

    outcomes = at_once(*(lambda person=person: change_handle(person=person, handle="wanted") for person in people))

    assert outcomes.count(None) == 1
    assert User.objects.filter(handle="wanted").count() == 1
    assert FormerHandle.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_newcomer_and_somebody_who_want_one_handle_at_once_one_gets_it():
    person = UserFactory()
    identity = Identity(issuer="https://provider.test", subject="new", name="", is_staff=False)

    at_once(
        lambda: change_handle(person=person, handle="wanted"),
        lambda: join(identity=identity, handle="wanted", display_name="New", language="ja"),
    )

    assert User.objects.filter(handle="wanted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_changes_their_handle_in_four_windows_at_once_has_given_up_three():
    person = UserFactory(handle="hanako")

    at_once(*(lambda n=n: change_handle(person=again(person), handle=f"new{n}") for n in range(4)))

    handles = {again(person).handle, *FormerHandle.objects.values_list("handle", flat=True)}
    assert handles == {"hanako", "new0", "new1", "new2", "new3"}
    assert set(FormerHandle.objects.values_list("owner", flat=True)) == {person.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_swap_their_handles_at_once_keep_what_they_had():
    one, other = UserFactory(handle="one"), UserFactory(handle="other")

    at_once(
        lambda: change_handle(person=one, handle="other"),
        lambda: change_handle(person=other, handle="one"),
    )

    assert (again(one).handle, again(other).handle) == ("one", "other")
