"""The page of a record, and the reviews of a person and of a film."""

import datetime
import re
from urllib.parse import quote

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import Report
from accounts.people.services.profile import change_handle
from movies.diary.film_told import REVIEWS_BESIDE_A_FILM
from movies.diary.models import Entry
from movies.diary.views.reviews import REVIEWS_ON_A_PAGE
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory, ViewingFactory

pytestmark = pytest.mark.django_db

DAY = datetime.datetime(2026, 11, 1, 3, tzinfo=datetime.UTC)


def page_of(entry: Entry) -> str:
    return f"/en/@{entry.owner.handle}/films/{entry.film_id}-{entry.film.slug}/"


def written(**how: object) -> Entry:
    said = {
        "review": "Rain and **more rain**.",
        "memo": "zqmemozq",
        "tags": ["zqtagzq"],
        "reviewed_at": DAY,
        "score": 37,
    }
    return EntryFactory(**said | how)


def test_a_record_says_what_its_owner_shows(client):
    entry = written(owner__shows_tags=True)
    ViewingFactory(entry=entry, watched_on=datetime.date(1963, 11, 30))
    Entry.objects.filter(pk=entry.pk).update(watched_on=datetime.date(1963, 11, 30))

    page = client.get(page_of(entry)).content.decode()

    for said in ("<strong>more rain</strong>", "37", "1963", "zqtagzq", entry.film.title, entry.owner.display_name):
        assert said in page
    assert "zqmemozq" not in page


def test_tags_that_are_not_shown_are_their_owners_alone(client):
    entry = written()

    assert "zqtagzq" not in client.get(page_of(entry)).content.decode()
    client.force_login(entry.owner)
    page = client.get(page_of(entry)).content.decode()
    assert "zqtagzq" in page
    assert "zqmemozq" in page


@pytest.mark.parametrize("narrow", [{"owner__wall_visibility": "private"}, {"visibility": "private"}])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_of_a_narrower_record_a_review_for_all_is_all_that_is_said(client, narrow, is_signed_in):
    entry = written(
        review_audience="public", owner__shows_tags=True, owner__bio="zqbiozq", film__original_title="Ran", **narrow
    )
    ViewingFactory(entry=entry, watched_on=datetime.date(1963, 11, 30))
    Entry.objects.filter(pk=entry.pk).update(watched_on=datetime.date(1963, 11, 30))
    narrow_wall = entry.owner.wall_visibility == "private"  # else who they are is known
    if is_signed_in:
        client.force_login(UserFactory())

    for address in (page_of(entry), f"/en/@{entry.owner.handle}/reviews/", entry.film.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "<strong>more rain</strong>" in page
        assert not re.search(r"\b37\b", strip_tags(page))
        for secret in ("1963", "zqtagzq", "zqmemozq", *(["zqbiozq"] if narrow_wall else [])):
            assert secret not in page.replace(f"-{entry.film_id}", ""), (address, secret)


@pytest.mark.parametrize(
    "hidden", [{"visibility": "private"}, {"deleted_at": timezone.now()}, {"hidden_at": timezone.now()}]
)
def test_a_record_that_one_may_not_see_answers_as_one_that_is_not_there(client, hidden):
    entry = written(**hidden)
    missing = f"/en/@{entry.owner.handle}/films/{FilmFactory().pk}-x/"

    one, other = (said_at(client, address) for address in (page_of(entry), missing))

    assert one == other


def said_at(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    page = answer.content.decode()
    for written in (address, address.removeprefix("/en")):
        page = page.replace(written, "").replace(quote(written, safe=""), "")
    return page


def test_another_slug_and_capitals_lead_to_the_one_address(client):
    entry = written()

    answer = client.get(f"/en/@{entry.owner.handle.upper()}/films/{entry.film_id}-old/?from=feed")

    assert (answer.status_code, answer.url) == (301, f"{page_of(entry)}?from=feed")


def test_a_former_handle_leads_on(client):
    entry = written(owner__handle="before")
    change_handle(person=entry.owner, handle="since")

    answer = client.get(f"/en/@before/films/{entry.film_id}-{entry.film.slug}/")

    assert (answer.status_code, answer.url) == (302, page_of(entry))


def test_a_film_that_was_merged_leads_to_the_record_of_the_one_that_was_kept(client):
    entry = written()
    gone = FilmFactory(merged_into=entry.film)

    answer = client.get(f"/en/@{entry.owner.handle}/films/{gone.pk}-{gone.slug}/")

    assert answer.url == page_of(entry)


def test_a_copy_of_a_record_counts_until_something_on_it_changes(client):
    entry = written(review_audience="public", visibility="private")
    etag = client.get(page_of(entry)).headers["ETag"]

    assert client.get(page_of(entry), headers={"If-None-Match": etag}).status_code == 304
    Entry.objects.filter(pk=entry.pk).update(score=99, memo="other")  # nobody's business
    assert client.get(page_of(entry), headers={"If-None-Match": etag}).status_code == 304
    Entry.objects.filter(pk=entry.pk).update(review="Sun.")
    assert client.get(page_of(entry), headers={"If-None-Match": etag}).status_code == 200


def test_what_is_for_somebody_is_kept_by_no_cache(client):
    entry = written()
    client.force_login(entry.owner)

    assert client.get(page_of(entry)).headers["Cache-Control"] == "private, no-store"


def test_a_review_that_gives_the_story_away_stands_closed_and_is_quoted_nowhere(client):
    entry, reader = written(has_spoilers=True, review="It was the butler."), UserFactory()
    FollowFactory(follower=reader, followee=entry.owner)
    client.force_login(reader)
    type(entry.owner).objects.filter(pk=entry.owner_id).update(last_entry_at=entry.recorded_at)
    reader.following.update(last_entry_at=entry.recorded_at)

    for address in (page_of(entry), f"/en/@{entry.owner.handle}/reviews/", entry.film.get_absolute_url()):
        page = client.get(address).content.decode()
        assert '<details class="spoiler">' in page
        assert "butler" not in page.split('<details class="spoiler">')[0]
    feed = client.get("/en/feed/").content.decode()
    assert entry.film.title in feed
    assert "butler" not in feed


def test_a_feed_quotes_a_review(client):
    entry, reader = written(review="Rain. " * 100), UserFactory()
    FollowFactory(follower=reader, followee=entry.owner, last_entry_at=entry.recorded_at)
    mine_alone = written(owner=entry.owner, review="zqmine", review_audience="owner")
    client.force_login(reader)

    feed = client.get("/en/feed/").content.decode()

    assert "Rain. Rain." in feed
    assert page_of(entry) in feed
    assert mine_alone.film.title in feed
    assert "zqmine" not in feed


@pytest.mark.parametrize("of", ["person", "film"])
def test_reviews_are_listed_by_page_the_latest_first(client, of, django_assert_max_num_queries):
    owner, film = UserFactory(), FilmFactory()
    one = {"owner": owner} if of == "person" else {"film": film}
    for number in range(REVIEWS_ON_A_PAGE + 3):
        days = datetime.timedelta(days=number)
        EntryFactory(**one, review=f"Review {number}.", reviewed_at=None if number < 2 else DAY + days)
    address = f"/en/@{owner.handle}/reviews/" if of == "person" else f"/en/films/{film.pk}-{film.slug}/reviews/"

    with django_assert_max_num_queries(4):  # the person or the film, whether they are there, the page
        first = client.get(address)
    second = client.get(address, {"after": str(first.context["next"])}, headers={"HX-Request": "true"})

    listed = [*first.context["entries"], *second.context["entries"]]
    assert [entry.review for entry in listed[:2]] == ["Review 22.", "Review 21."]
    assert len({entry.pk for entry in listed}) == len(listed) == REVIEWS_ON_A_PAGE + 3
    assert "<html" not in second.content.decode()


def test_a_film_page_shows_the_latest_reviews_of_others(client):
    film, me = FilmFactory(), UserFactory()
    for number in range(REVIEWS_BESIDE_A_FILM + 1):
        EntryFactory(film=film, review=f"Review {number}.", reviewed_at=DAY + datetime.timedelta(days=number))
    EntryFactory(film=film, owner=me, review="Mine.", reviewed_at=timezone.now())
    client.force_login(me)

    page = client.get(film.get_absolute_url())

    assert [entry.review for entry in page.context["reviews"]] == [f"Review {n}." for n in (5, 4, 3, 2, 1)]
    assert f"/films/{film.pk}-{film.slug}/reviews/?after=" in page.content.decode()


def test_whoever_is_not_there_has_no_reviews(client):
    private = UserFactory(wall_visibility="private")
    EntryFactory(owner=private, review="Mine.", review_audience="entry")

    assert client.get(f"/en/@{private.handle}/reviews/").status_code == 404
    assert client.get("/en/@nobody_here/reviews/").status_code == 404
    assert client.get(f"/en/@{UserFactory().handle}/reviews/").status_code == 200


def test_a_review_of_a_narrower_record_can_be_reported(client):
    entry, reader = written(review_audience="public", visibility="private"), UserFactory()
    client.force_login(reader)

    answer = client.post(f"/en/entries/{entry.pk}/report/", {"reason": "spam"})

    assert answer.url == page_of(entry)
    assert Report.objects.get().subject_id == entry.pk
