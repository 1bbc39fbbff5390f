"""What is written about a film in the form for its record: nothing of it is ever lost, or read by whom it is not for."""

import re
import uuid

import pytest
from django.utils import timezone

from movies.diary.models import Entry
from movies.diary.reviews import LONGEST
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def entry(person):
    return EntryFactory(owner=person, review="Rain.", review_audience="entry", memo="Front row.", tags=["4K", "a, b"])


def opened(client, film) -> dict[str, str]:
    """A window with the form, as a browser would send it back."""
    form = client.get(f"/en/films/{film.pk}/record/").context["form"]
    sent = {field.name: field.value() for field in form if field.value() not in (None, False)}
    return {name: form[name].field.prepare_value(value) for name, value in sent.items() if value != []}


def send(client, film, window, **typed):
    return client.post(f"/en/films/{film.pk}/record/", window | typed)


def test_words_are_recorded_with_a_film(client, person):
    film = FilmFactory()

    answer = send(
        client, film, opened(client, film),
        review="Rain.\r\nMore rain.", has_spoilers="on", review_audience="public", memo="Front row.", tags="名画座、4K",
    )  # fmt: skip

    entry = Entry.objects.of(person).get()
    assert answer.status_code == 302
    assert (entry.review, entry.has_spoilers, entry.review_audience) == ("Rain.\nMore rain.", True, "public")
    assert (entry.memo, entry.tags) == ("Front row.", ["名画座", "4K"])
    assert timezone.now() - entry.reviewed_at < timezone.timedelta(minutes=1)


def test_a_form_without_words_leaves_them_as_they_are(client, entry):
    """As one of a server of the version before, or one that asks for the score alone."""
    send(client, entry.film, {"score": "50", "visibility": "public", "submission": uuid.uuid4(), "is_again": "True"})

    was, entry = entry, Entry.objects.get()
    assert entry.score == 50
    assert (entry.review, entry.memo, entry.tags, entry.review_audience) == (was.review, was.memo, was.tags, "entry")


@pytest.mark.parametrize("review", ["Mended.\r\n\ufeffIn\u202e another place.  \r\n", "x" * (LONGEST + 1)])
def test_what_an_import_brought_is_no_hindrance_to_another_score(client, entry, review):
    Entry.objects.update(review=review)

    answer = send(client, entry.film, opened(client, entry.film), score="50")

    assert answer.status_code == 302
    assert Entry.objects.values_list("score", "review", "tags").get() == (50, review, entry.tags)


def test_what_was_left_untouched_overwrites_nothing(client, entry):
    one, other = opened(client, entry.film), opened(client, entry.film)
    send(client, entry.film, one, review="Sun.", memo="Last row.", tags="8K", review_audience="owner")

    answer = send(client, entry.film, other, score="50")

    now = Entry.objects.get()
    assert answer.status_code == 302
    assert (now.review, now.memo, now.tags, now.review_audience) == ("Sun.", "Last row.", ["8K"], "owner")
    assert now.score == 50


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"review": "Sun."}, {"review": "Snow."}),
        ({"memo": "Sun."}, {"memo": "Snow."}),
        ({"tags": "Sun."}, {"tags": "Snow."}),
        ({"review": "Sun.", "review_audience": "owner"}, {"review_audience": "public"}),
        ({"review": "Sun."}, {"has_spoilers": "on"}),
    ],
)
def test_two_windows_lose_nothing(client, entry, first, second):
    one, other = opened(client, entry.film), opened(client, entry.film)
    send(client, entry.film, one, **first)
    was = Entry.objects.values().get()

    answer = send(client, entry.film, other, **second, score="50")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert Entry.objects.values().get() == was
    assert "Sun." in page
    assert all(text in page for text in second.values())
    assert 'name="stays"' in page


def test_whoever_has_chosen_theirs_overwrites(client, entry):
    one, other = opened(client, entry.film), opened(client, entry.film)
    send(client, entry.film, one, review="Sun.")
    asked = send(client, entry.film, other, review="Snow.")
    shown = re.search(r'name="shown" value="([^"]+)"', asked.content.decode())[1]

    answer = send(client, entry.film, other, review="Sun and snow.", shown=shown)

    assert answer.status_code == 302
    assert Entry.objects.get().review == "Sun and snow."


def test_whoever_keeps_what_stands_there_changes_all_else(client, entry):
    one, other = opened(client, entry.film), opened(client, entry.film)
    send(client, entry.film, one, review="Sun.")
    asked = send(client, entry.film, other, review="Snow.")
    shown = re.search(r'name="shown" value="([^"]+)"', asked.content.decode())[1]

    send(client, entry.film, other, review="Snow.", shown=shown, stays="review", score="50")

    assert Entry.objects.values_list("review", "score").get() == ("Sun.", 50)


def test_the_same_in_two_windows_is_no_quarrel(client, entry):
    one, other = opened(client, entry.film), opened(client, entry.film)
    send(client, entry.film, one, review="Sun.")

    assert send(client, entry.film, other, review="Sun.").status_code == 302


def test_a_form_of_what_was_deleted_meanwhile_brings_all_of_it_back(client, entry):
    window = opened(client, entry.film)
    client.post(f"/en/entries/{entry.pk}/delete/")

    send(client, entry.film, window | {"is_again": ""}, watched="unknown")

    now = Entry.objects.of(entry.owner).get()
    assert (now.review, now.memo) == ("Rain.", "Front row.")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("review", "x" * (LONGEST + 1)),
        ("memo", "x" * (LONGEST + 1)),
        ("tags", "x" * 51),
        ("tags", ",".join(map(str, range(31)))),
        ("review_audience", "nobody"),
    ],
)
def test_what_is_refused_is_said_so_and_nothing_typed_is_lost(client, entry, field, typed):
    answer = send(client, entry.film, opened(client, entry.film), **{field: typed, "score": "50"})

    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {field}
    assert typed in answer.content.decode() or field == "review_audience"
    assert Entry.objects.get().score is None


def test_nor_is_it_written_where_the_form_says_that_it_was_not_changed(client, person):
    """All of a form is written where nothing stands yet."""
    film = FilmFactory()

    answer = send(client, film, opened(client, film), stays="tags", tags="x" * 101, watched="unknown")

    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"tags"}
    assert not Entry.objects.exists()


def test_a_review_that_is_taken_away_leaves_no_day(client, entry):
    Entry.objects.update(reviewed_at=timezone.now())

    send(client, entry.film, opened(client, entry.film), review="")

    assert Entry.objects.values_list("review", "reviewed_at").get() == ("", None)


def test_a_review_before_there_was_a_choice_stays_its_owners(client, person):
    """So the database has it of all that were there."""
    entry = EntryFactory(owner=person, review="Rain.", review_audience="owner")

    send(client, entry.film, opened(client, entry.film), review="Rain, again.")

    assert Entry.objects.values_list("review", "review_audience").get() == ("Rain, again.", "owner")


def test_a_preview_writes_nothing(client, person, django_assert_max_num_queries):
    client.get("/about/")

    with django_assert_max_num_queries(2):  # the session, the account
        part = client.post("/en/reviews/preview/", {"review": "**Rain**<script>"}, headers={"HX-Request": "true"})

    assert "<strong>Rain</strong>&lt;script&gt;" in part.content.decode()
    assert client.post("/en/reviews/preview/", {"review": "x" * (LONGEST + 1)}).status_code == 400
    assert not Entry.objects.exists()


def test_no_address_holds_what_was_written_at_length(person):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    refused = client.post(f"/en/films/{FilmFactory().pk}/record/", {"score": "87", "review": "zqzq", "memo": "zqzq"})

    assert "score=87" in refused.context["resume"]
    assert "zqzq" not in refused.context["resume"]
    assert refused.content.decode().count("zqzq") == 2
