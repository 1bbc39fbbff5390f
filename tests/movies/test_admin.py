import pytest
from django.utils import timezone

from accounts.models import StaffAction, User, Visibility
from movies.catalog.titles import search_text_of
from movies.diary.models import Entry
from tests.factories import EntryFactory, FilmFactory, PersonFactory, ReportFactory, StaffActionFactory, UserFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def listed(client, address, **query):
    return list(client.get(f"/staff/movies/{address}/", query).context["cl"].result_list)


def titled(title, **facts):
    return FilmFactory(original_title=title, search_text=search_text_of(title), **facts)


@pytest.mark.parametrize(
    "unseen",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.FOLLOWERS},
        {"owner__wall_visibility": Visibility.PRIVATE},
        {"deleted_at": timezone.now()},
    ],
)
def test_staff_see_no_entry_that_not_everybody_may_see(client, staff, unseen):
    shown = EntryFactory(film__original_title="Ran")
    private = EntryFactory(film__original_title="Ikiru", **unseen)

    page = client.get("/staff/movies/entry/").content.decode()

    assert "Ran" in page
    assert "Ikiru" not in page
    assert client.get(f"/staff/movies/entry/{shown.pk}/change/").status_code == 200
    for wanted in [private.pk, 10**30, "x"]:
        assert client.get(f"/staff/movies/entry/{wanted}/change/").status_code == 302


def test_what_was_reported_opens_for_staff_and_stands_in_no_list(client, staff):
    entry = EntryFactory(visibility=Visibility.FOLLOWERS)
    ReportFactory(subject="entry", subject_id=entry.pk, person=entry.owner)

    assert client.get(f"/staff/movies/entry/{entry.pk}/change/").status_code == 200
    assert listed(client, "entry") == []


def test_an_entry_is_hidden_and_shown_again_with_a_reason(client, staff):
    entry = EntryFactory()
    address = f"/staff/movies/entry/{entry.pk}/change/"

    client.post(address, {"is_hidden": "on", "why": ""})
    without_a_reason = Entry.objects.get().hidden_at
    client.post(address, {"is_hidden": "on", "why": "Insults", "score": "1"})
    hidden = Entry.objects.get()
    client.post(address, {"initial-is_hidden": "True", "why": "A mistake"})

    assert without_a_reason is None
    assert (bool(hidden.hidden_at), hidden.score) == (True, None)
    assert Entry.objects.get().hidden_at is None
    acts = StaffAction.objects.order_by("pk").values_list("actor", "kind", "subject_id", "reason")
    assert list(acts) == [(staff.pk, "hide", entry.pk, "Insults"), (staff.pk, "show", entry.pk, "A mistake")]


def test_the_hidden_are_found_among_all(client, staff):
    EntryFactory()
    hidden = EntryFactory(hidden_at=timezone.now())
    StaffActionFactory(kind="hide", subject="entry", subject_id=hidden.pk)

    assert listed(client, "entry", hidden="yes") == [hidden]


@pytest.mark.parametrize(("query", "count"), [("@Hanako", 1), ("hana", 0), ("は", 0)])
def test_entries_are_found_by_the_whole_handle_of_their_owner(client, staff, query, count):
    EntryFactory(owner__handle="hanako")
    EntryFactory()

    assert len(listed(client, "entry", q=query)) == count


@pytest.mark.parametrize("query", ["アメリ", "amelie", "am", "tt0211915", "Q484048", "194"])
def test_a_film_is_found_by_title_and_by_id(client, staff, query):
    titles = {"original_title": "Amélie", "search_text": search_text_of("Amélie", "アメリ")}
    film = FilmFactory(imdb_id="tt0211915", wikidata_id="Q484048", tmdb_id=194, **titles)
    FilmFactory()

    assert listed(client, "film", q=query) == [film]
    assert listed(client, "film", q="9" * 40) == []


def test_who_made_a_film_is_found_by_how_their_name_begins(client, staff):
    found = PersonFactory(name="Akira Kurosawa")
    PersonFactory(name="Akira Ifukube")

    assert listed(client, "person", q="Akira Ku") == [found]


def test_merged_films_are_listed_apart(client, staff):
    kept = FilmFactory()
    merged = FilmFactory(merged_into=kept)

    assert listed(client, "film", merged_into__isempty="0") == [merged]
    assert listed(client, "film") == [merged, kept]


def test_two_films_that_are_one_are_merged(client, staff):
    film, into = FilmFactory(), FilmFactory()
    entry = EntryFactory(film=film)

    offered = client.get(f"/staff/movies/film/{film.pk}/change/").content.decode()
    asked = client.get(f"/staff/movies/film/{film.pk}/merge/")
    response = client.post(f"/staff/movies/film/{film.pk}/merge/", {"into": into.pk, "why": "The same"})

    entry.refresh_from_db()
    assert f'href="/staff/movies/film/{film.pk}/merge/"' in offered
    assert asked.status_code == 200
    assert response.url == f"/staff/movies/film/{into.pk}/change/"
    assert entry.film == into
    assert StaffAction.objects.values_list("actor", "kind", "reason").get() == (staff.pk, "merge", "The same")


def test_a_merge_that_is_refused_says_why_and_keeps_what_was_typed(client, staff):
    film, merged = FilmFactory(), FilmFactory(merged_into=FilmFactory())

    for wrong in [{"into": film.pk}, {"into": merged.pk}, {"into": "x"}, {"into": ""}, {"why": ""}]:
        sent = {"into": merged.merged_into_id, "why": "The same"} | wrong
        response = client.post(f"/staff/movies/film/{film.pk}/merge/", sent)
        assert response.status_code == 400
        assert response.context["form"].errors.keys() == wrong.keys()
        assert response.context["form"]["why"].value() == sent["why"]

    assert not StaffAction.objects.exists()


def test_films_to_merge_into_are_told_apart_and_none_is_merged_itself(client, staff):
    film = titled("Solaris", world_on="1972-01-01", world_precision="year")
    remake = titled("Solaris", world_on="2002-01-01", world_precision="year")
    titled("Solaris", merged_into=film)
    asked = {"term": "solaris", "app_label": "movies", "model_name": "film", "field_name": "merged_into"}

    answer = client.get("/staff/movies/film/choices/", asked).json()

    assert answer["results"] == [
        {"id": str(remake.pk), "text": f"Solaris · 2002 · {remake.pk}"},
        {"id": str(film.pk), "text": f"Solaris · 1972 · {film.pk}"},
    ]
    assert client.get("/staff/movies/film/choices/", asked | {"term": "\x00%'"}).json()["results"] == []


def test_a_film_is_refreshed_from_tmdb(client, staff, tmdb_server):
    film = FilmFactory(tmdb_id=129, original_title="Old")
    address = f"/staff/movies/film/{film.pk}/refresh/"

    offered = client.get(f"/staff/movies/film/{film.pk}/change/").content.decode()
    asked = client.get(address)
    asked_of_tmdb = len(tmdb_server.calls)
    client.post(address, {"why": asked.context["form"]["why"].value()})

    film.refresh_from_db()
    assert f'href="{address}"' in offered
    assert asked_of_tmdb == 0
    assert film.original_title == "千と千尋の神隠し"
    assert StaffAction.objects.values_list("actor", "kind", "subject_id").get() == (staff.pk, "refresh", film.pk)


@pytest.mark.parametrize("status", [404, 500])
def test_where_tmdb_does_not_help_the_film_stays_and_staff_are_told(client, staff, tmdb_server, status):
    film = FilmFactory(tmdb_id=10**6, original_title="Old")
    tmdb_server.always = None if status == 404 else Response(status)

    response = client.post(f"/staff/movies/film/{film.pk}/refresh/", {"why": "Old"}, follow=True)

    film.refresh_from_db()
    assert film.original_title == "Old"
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert not StaffAction.objects.exists()


def test_only_what_tmdb_knows_can_be_refreshed(client, staff, tmdb_server, settings):
    unknown, known = FilmFactory(), FilmFactory(tmdb_id=129)

    assert client.post(f"/staff/movies/film/{unknown.pk}/refresh/", {"why": "Old"}).status_code == 404
    assert "refresh" not in client.get(f"/staff/movies/film/{unknown.pk}/change/").content.decode()
    settings.TMDB_TOKEN = ""
    assert client.post(f"/staff/movies/film/{known.pk}/refresh/", {"why": "Old"}).status_code == 404
    assert "refresh" not in client.get(f"/staff/movies/film/{known.pk}/change/").content.decode()


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_nobody_but_staff_acts(client, is_signed_in, tmdb_server):
    film, entry = FilmFactory(tmdb_id=129, original_title="Old"), EntryFactory()
    if is_signed_in:
        client.force_login(entry.owner)

    for path in [
        f"film/{film.pk}/merge",
        f"film/{film.pk}/refresh",
        "film/choices",
        f"film/{film.pk}/change",
        f"entry/{entry.pk}/change",
    ]:
        sent = {"into": entry.film_id, "why": "Mine", "is_hidden": "on"}
        assert client.post(f"/staff/movies/{path}/", sent).status_code == 302

    film.refresh_from_db()
    assert (film.merged_into, film.original_title) == (None, "Old")
    assert not StaffAction.objects.exists()
    assert User.objects.get(pk=entry.owner_id).wall_revision == 1
