import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import StaffAction, User, Visibility
from movies.diary import moderation
from movies.diary.models import Entry
from movies.diary.reception import reception
from movies.diary.services import delete_entry, log_film, restore_entry
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, handle="helper")


def recorded(**facts):
    """An entry as people make it, with what is counted of its wall."""
    fields = {"owner": UserFactory(), "film": FilmFactory(), "score": 80, "visibility": Visibility.PUBLIC} | facts
    return log_film(**fields)[0]


def hide(staff, entry):
    moderation.hide_entry(actor=staff, entry=entry, reason="Insults")


def test_a_hidden_entry_is_gone_for_all_but_its_owner(staff):
    entry = recorded()
    follower = FollowFactory(followee=entry.owner).follower

    hide(staff, entry)

    for viewer in [AnonymousUser(), UserFactory(), follower, staff]:
        assert not Entry.objects.seen_by(viewer).exists()
    assert Entry.objects.seen_by(entry.owner).get() == entry


def test_a_hidden_entry_is_gone_from_the_pages_of_others_and_stays_on_its_owners(client, staff):
    entry = recorded(film=FilmFactory(original_title="Ran"))
    address = f"/@{entry.owner.handle}/"

    hide(staff, entry)

    assert "Ran" not in client.get(address).content.decode()
    client.force_login(FollowFactory(followee=entry.owner).follower)
    assert "Ran" not in client.get(address).content.decode()
    client.force_login(entry.owner)
    assert "Ran" in client.get(address).content.decode()


def test_averages_leave_what_is_hidden_out(staff):
    film = FilmFactory()
    recorded(film=film, score=20)
    entry = recorded(film=film, score=100)

    hide(staff, entry)

    found = reception(film, AnonymousUser())
    assert (found.recorded, found.average) == (1, 20)
    assert reception(film, entry.owner).average == 20


def test_what_is_said_of_the_wall_elsewhere_follows(staff):
    entry = recorded()
    follow = FollowFactory(followee=entry.owner, last_entry_at=entry.recorded_at)
    before = User.objects.get(pk=entry.owner_id)

    hide(staff, entry)

    owner = User.objects.get(pk=entry.owner_id)
    follow.refresh_from_db()
    assert (before.films_shown, owner.films_shown) == (1, 0)
    assert owner.last_shown_at is owner.last_entry_at is follow.last_entry_at is None
    assert owner.public_revision == before.public_revision + 1


def test_hiding_what_only_followers_saw_tells_strangers_nothing(staff):
    entry = recorded(visibility=Visibility.FOLLOWERS)
    before = User.objects.get(pk=entry.owner_id)

    hide(staff, entry)

    owner = User.objects.get(pk=entry.owner_id)
    assert owner.wall_revision > before.wall_revision
    assert owner.public_revision == before.public_revision


def test_an_entry_shown_again_is_back_for_all(staff):
    entry = recorded()
    hide(staff, entry)

    moderation.show_entry(actor=staff, entry=entry, reason="A mistake")

    assert Entry.objects.seen_by(AnonymousUser()).get() == entry
    assert User.objects.get(pk=entry.owner_id).films_shown == 1


def test_each_act_is_recorded_once_with_who_and_why(staff):
    entry = recorded()

    for _ in range(2):
        hide(staff, entry)
    for _ in range(2):
        moderation.show_entry(actor=staff, entry=entry, reason="A mistake")

    acts = StaffAction.objects.order_by("pk").values_list("actor", "kind", "subject", "subject_id", "reason")
    assert list(acts) == [
        (staff.pk, "hide", "entry", entry.pk, "Insults"),
        (staff.pk, "show", "entry", entry.pk, "A mistake"),
    ]


def test_changing_a_hidden_entry_does_not_show_it(staff):
    entry = recorded()
    hide(staff, entry)

    recorded(owner=entry.owner, film=entry.film, score=1)

    entry.refresh_from_db()
    assert (entry.score, bool(entry.hidden_at)) == (1, True)


def test_hiding_writes_nothing_else_of_the_entry(staff):
    entry = EntryFactory(score=50, hidden_at=None)
    Entry.objects.filter(pk=entry.pk).update(score=60, deleted_at=timezone.now())

    hide(staff, entry)

    entry.refresh_from_db()
    assert (entry.score, bool(entry.deleted_at), bool(entry.hidden_at)) == (60, True, True)


def test_no_earlier_entry_of_the_film_is_a_way_back(staff):
    first = EntryFactory()
    delete_entry(entry=first)
    second, _is_new = log_film(owner=first.owner, film=first.film, score=1, visibility=Visibility.PUBLIC)

    hide(staff, second)
    delete_entry(entry=second)
    restore_entry(entry=first)

    assert not Entry.objects.seen_by(AnonymousUser()).exists()
    moderation.show_entry(actor=staff, entry=first, reason="A mistake")
    assert Entry.objects.seen_by(AnonymousUser()).get() == first
