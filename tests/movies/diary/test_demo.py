import datetime
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User, Visibility
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SUBJECTS = {"hanako": "subject-h", "taro": "subject-t", "himitsu": "subject-s"}


@pytest.fixture
def _demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_SUBJECTS", json.dumps(SUBJECTS))
    Film.objects.bulk_create(
        Film(
            imdb_id=f"tt{n:07}",
            original_title=f"Film {n}",
            country=["JP", "US"][n % 2],
            world_on=datetime.date(1926 + n % 100, 1, 1),
            world_precision="year",
            fame=n % 7,
        )
        for n in range(400)
    )
    call_command("load_demo")


@pytest.mark.usefixtures("_demo")
class TestTheDemoPeople:
    def test_are_known_to_the_sign_in_provider(self) -> None:
        people = User.objects.values_list("handle", "subject")

        assert dict(people) == SUBJECTS
        assert set(User.objects.values_list("issuer", flat=True)) == {settings.OIDC_ISSUER}

    def test_show_their_walls_as_they_should(self) -> None:
        walls = {user.handle: (user.wall_visibility, user.entries.count()) for user in User.objects.all()}

        assert walls == {
            "hanako": (Visibility.PUBLIC, 340),
            "taro": (Visibility.PUBLIC, 120),
            "himitsu": (Visibility.PRIVATE, 40),
        }

    def test_saw_no_film_before_it_was_released_or_tomorrow(self) -> None:
        viewings = Viewing.objects.select_related("entry__film").order_by("pk")

        assert [
            viewing
            for viewing in viewings
            if not (viewing.entry.film.japan_on or viewing.entry.film.world_on)
            <= viewing.watched_on
            <= timezone.localdate()
        ] == []

    def test_recorded_no_film_before_they_had_seen_it_or_tomorrow(self) -> None:
        entries = Entry.objects.prefetch_related("viewings").order_by("pk")

        for entry in entries:
            days = [viewing.watched_on for viewing in entry.viewings.all()]
            assert min(days, default=timezone.localdate(entry.recorded_at)) <= timezone.localdate(entry.recorded_at)
            assert entry.recorded_at <= timezone.now()
            assert entry.watched_on == max(days, default=None)

    def test_have_something_of_everything_to_show(self) -> None:
        hanako = Entry.objects.filter(owner__handle="hanako")

        assert hanako.filter(score=None).exists()
        assert hanako.filter(score=100).exists()
        assert hanako.filter(watched_on=None).exists()
        assert set(hanako.values_list("visibility", flat=True)) == set(Visibility.values)
        assert Viewing.objects.filter(entry__in=hanako).count() > hanako.exclude(watched_on=None).count()

    def test_are_left_alone_once_they_are_here(self) -> None:
        User.objects.filter(handle="hanako").update(display_name="はなこ")
        Entry.objects.filter(owner__handle="taro").update(score=1)
        written = Entry.objects.count()

        call_command("load_demo")

        assert User.objects.get(handle="hanako").display_name == "はなこ"
        assert set(Entry.objects.filter(owner__handle="taro").values_list("score", flat=True)) == {1}
        assert Entry.objects.count() == written


def test_a_person_who_took_the_handle_first_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = UserFactory(handle="hanako")
    monkeypatch.setenv("DEMO_SUBJECTS", json.dumps(SUBJECTS))

    call_command("load_demo")

    assert User.objects.get(handle="hanako") == somebody
    assert not somebody.entries.exists()


@pytest.mark.parametrize("subjects", [None, "", "hanako"])
def test_without_subjects_the_command_says_what_it_needs(subjects: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_SUBJECTS", raising=False)
    if subjects is not None:
        monkeypatch.setenv("DEMO_SUBJECTS", subjects)

    with pytest.raises(CommandError, match="DEMO_SUBJECTS"):
        call_command("load_demo")
