"""What recording a film adds to what is said of its wall is what counting it anew would say."""

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Follow, User, Visibility
from movies.catalog.models import Film
from movies.diary import recording, services
from movies.diary.models import Entry
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

SAID = ("films_shown", "last_shown_at", "last_entry_at", "wall_revision", "public_revision")


def said_of(owner: User) -> dict[str, object]:
    return User.objects.values(*SAID).get(pk=owner.pk) | Follow.objects.values(told=F("last_entry_at")).get(
        followee=owner
    )


@pytest.mark.parametrize("wall", Visibility.values)
@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("stood", [True, False], ids=["others stand", "the first"])
@pytest.mark.parametrize("was_hidden", [False, True], ids=["", "hidden once"])
def test_one_more_says_what_counting_says(wall: str, visibility: str, stood: bool, was_hidden: bool) -> None:
    owner, film = UserFactory(wall_visibility=wall), FilmFactory()
    FollowFactory(followee=owner)
    if stood:
        services.log_film(owner=owner, film=FilmFactory(), score=None, visibility=Visibility.PUBLIC)
    if was_hidden:
        now = timezone.now()
        EntryFactory(owner=owner, film=film, hidden_at=now, deleted_at=now)
    before = said_of(owner)

    services.log_film(owner=owner, film=film, score=95, visibility=Visibility(visibility))

    added = said_of(owner)
    shown_to_all = Visibility.PUBLIC == wall == visibility and not was_hidden
    assert added["wall_revision"] == before["wall_revision"] + 1
    assert added["public_revision"] == before["public_revision"] + shown_to_all
    services.wall_shows_anew(owner_id=owner.pk, is_public=False)
    assert said_of(owner) == added | {"wall_revision": added["wall_revision"] + 1}


def test_a_film_that_is_gone_is_told() -> None:
    with pytest.raises(Film.DoesNotExist):
        recording.film_of(7)


def test_what_stands_on_another_wall_is_not_found() -> None:
    entry = EntryFactory()
    EntryFactory(owner=entry.owner, film=FilmFactory())

    found = recording.entry_of(entry.owner, entry.film)

    assert found == entry
    assert [getattr(found, field.attname) for field in Entry._meta.concrete_fields] == [
        getattr(Entry.objects.get(pk=entry.pk), field.attname) for field in Entry._meta.concrete_fields
    ]
    assert recording.entry_of(UserFactory(), entry.film) is None
