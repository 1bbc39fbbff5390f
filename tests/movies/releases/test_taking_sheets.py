import datetime
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from movies.catalog.announcements import announce
from movies.catalog.models import Film, ReleaseDate
from movies.catalog.titles import search_text_of
from movies.diary.merging import merge_films
from movies.releases import jobs, refusals, tasks
from movies.releases.arrivals import look_for_sheets
from movies.releases.jobs import take_sheet
from movies.releases.models import Sheet, SheetRow
from mymovie.outbox.models import Message
from mymovie.uploads import StorageAway
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

CINEMA, DIGITAL = ReleaseDate.Kind.THEATRICAL, ReleaseDate.Kind.DIGITAL
DAY = timezone.localdate() + datetime.timedelta(days=60)
LATER = DAY + datetime.timedelta(days=7)


def line(title="", day=DAY, *, original_title="", tmdb_id="", imdb_id="", channel="cinema"):
    return f"{title},{original_title},{day or '未定'},{tmdb_id},{imdb_id},{channel}\n"


def titled(title_ja, original_title="Original", **facts):
    return FilmFactory(
        title_ja=title_ja, original_title=original_title, search_text=search_text_of(title_ja, original_title), **facts
    )


def announced(film=None):
    dates = ReleaseDate.objects.filter(source="distributor", **({"film": film} if film else {}))
    return sorted(dates.values_list("kind", "released_on"))


def outcomes(sheet):
    return list(sheet.rows.order_by("number").values_list("outcome", flat=True))


def why_refused(sheet):
    row = sheet.rows.get(outcome="refused")
    assert refusals.said(row.reason)
    return row.reason.split()[0]


@pytest.fixture
def take(sheet):
    names = iter(range(100))

    def taken(content):
        made = sheet(content, f"{next(names)}.csv")
        assert not take_sheet(made.pk)
        made.refresh_from_db()
        return made

    return taken


def test_a_film_that_we_have_gets_its_date_and_walls_show_it(take):
    film = titled("渡し船", tmdb_id=990001)
    entry = EntryFactory(film=film)

    sheet = take(line("渡し船", tmdb_id=990001))

    film.refresh_from_db()
    entry.refresh_from_db()
    assert (film.japan_on, entry.japan_on) == (DAY, DAY)
    assert User.objects.get(pk=entry.owner_id).wall_revision > 1
    assert (sheet.state, sheet.rows_done, sheet.outcomes) == ("done", 1, {"new": 1})
    row = sheet.rows.get()
    assert (row.number, row.title, row.film, row.kind, row.released_on) == (2, "渡し船", film, CINEMA, DAY)


@pytest.mark.parametrize(
    "given",
    [
        {"tmdb_id": 5, "title": "Whatever"},
        {"imdb_id": "tt0000005", "title": "Whatever"},
        {"title": "ワタシ　舟"},
        {"title": "Whatever", "original_title": "the FERRY"},
        {"title": "The Ferry"},
    ],
)
def test_a_film_is_found_by_its_ids_or_its_titles(take, given):
    film = titled("わたし舟", "The Ferry", tmdb_id=5 if "tmdb_id" in given else None, imdb_id="tt0000005")
    titled("わたし舟の帰り", "The Ferry Home")

    take(line(**given))

    assert announced(film) == [(CINEMA, DAY)]
    assert Film.objects.count() == 2


def test_a_film_that_we_do_not_have_is_made_and_its_facts_are_asked_for(take, settings):
    settings.TMDB_TOKEN = "token"

    sheet = take(line("渡し船", original_title="Ferry", tmdb_id=5, imdb_id="tt0000005", channel="digital"))

    film = Film.objects.get()
    assert (film.title_ja, film.original_title, film.tmdb_id, film.imdb_id) == ("渡し船", "Ferry", 5, "tt0000005")
    assert (film.digital_on, film.japan_on) == (DAY, None)
    assert sheet.rows.get().film == film
    message = Message.objects.get()
    assert (message.task, message.kwargs["film_id"]) == ("movies.diary.tasks.refresh_film", film.pk)


def test_a_film_found_by_its_title_takes_the_ids_and_is_asked_for_again(take, settings):
    settings.TMDB_TOKEN = "token"
    film = titled("渡し船", asked_at=timezone.now())

    take(line("渡し船", tmdb_id=5))

    film.refresh_from_db()
    assert (film.tmdb_id, announced(film)) == (5, [(CINEMA, DAY)])
    assert Message.objects.count() == 1


def test_nobody_is_asked_for_a_film_without_ids(take, settings):
    settings.TMDB_TOKEN = "token"

    take(line("渡し船"))

    assert not Message.objects.exists()


def test_a_remake_is_another_film_than_the_old_one(take):
    old = titled("渡し船", world_on="1954-01-01", world_precision="year")

    take(line("渡し船"))

    assert announced(old) == []
    assert Film.objects.count() == 2


@pytest.mark.parametrize(("years", "is_it"), [(2, True), (3, False)])
def test_a_year_or_two_between_a_film_and_its_date_is_no_contradiction(take, years, is_it):
    known = datetime.date(DAY.year - years, 1, 1)
    film = titled("渡し船", world_on=known, world_precision="year")

    take(line("渡し船"))

    assert bool(announced(film)) == is_it


def test_of_several_films_with_one_title_none_is_guessed(take):
    titled("渡し船"), titled("渡し船")

    sheet = take(line("渡し船"))

    assert why_refused(sheet) == "several_films"
    assert announced() == []


def test_a_film_that_was_merged_leads_to_the_one_that_was_kept(take):
    kept = titled("別の題", tmdb_id=7)
    titled("渡し船", tmdb_id=5, merged_into=kept)

    take(line("渡し船"))
    take(line("", tmdb_id=5, channel="digital"))

    assert announced(kept) == [(CINEMA, DAY), (DIGITAL, DAY)]
    assert announced() == announced(kept)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"title": "渡し船", "tmdb_id": 5, "imdb_id": "tt0000006"}, "ids_disagree"),
        ({"title": "渡し船", "tmdb_id": 5, "imdb_id": "tt0000009"}, "other_id"),
        ({"title": "渡し船", "tmdb_id": 9, "imdb_id": "tt0000006"}, "other_id"),
        ({"title": "", "tmdb_id": 9}, "film_without_title"),
        ({"title": "!!!"}, "unfindable_title"),
        ({"title": "渡し船", "day": DAY + datetime.timedelta(days=6 * 365)}, "date_far_away"),
        ({"title": "渡し船", "day": datetime.date(1926, 12, 4)}, "date_far_away"),
        ({"title": "渡し船", "day": "soon"}, "not_a_date"),
    ],
)
def test_a_row_that_contradicts_what_we_know_is_refused_and_changes_nothing(take, row, why):
    titled("渡し船", tmdb_id=5, imdb_id="tt0000005")
    titled("別の船", tmdb_id=6, imdb_id="tt0000006")
    before = list(Film.objects.order_by("pk").values())

    sheet = take(line(**row) + line("別の船", tmdb_id=6, day=None))

    assert why_refused(sheet) == why
    assert outcomes(sheet) == ["refused", "same"]
    assert announced() == []
    assert list(Film.objects.order_by("pk").values()) == before


def test_a_film_that_comes_back_keeps_the_day_on_which_it_was_first_seen(take):
    first = datetime.date(2001, 7, 20)
    film = titled("千と千尋の神隠し", tmdb_id=129, japan_on=first, japan_precision="day")

    sheet = take(line("千と千尋の神隠し", tmdb_id=129))

    film.refresh_from_db()
    assert why_refused(sheet) == "revival"
    assert film.japan_on == first
    take(line("千と千尋の神隠し", tmdb_id=129, channel="digital"))
    assert announced(film) == [(DIGITAL, DAY)]


def test_a_date_is_moved_withdrawn_and_left_as_it_is(take):
    rows = [line("渡し船"), line("渡し船", LATER), line("渡し船", LATER), line("渡し船", None), line("渡し船", None)]

    sheets = [take(row) for row in rows]

    assert [outcomes(sheet) for sheet in sheets] == [["new"], ["moved"], ["same"], ["withdrawn"], ["same"]]
    assert announced() == []
    assert Film.objects.get().japan_on is None


def test_what_is_withdrawn_is_the_date_that_there_is(take):
    old = titled("渡し船", world_on="1954-01-01", world_precision="year")
    take(line("渡し船"))

    sheet = take(line("渡し船", None))

    assert outcomes(sheet) == ["withdrawn"]
    assert sheet.rows.get().film != old


def test_each_channel_has_a_date_of_its_own(take):
    sheet = take(line("渡し船") + line("渡し船", LATER, channel="digital"))

    assert outcomes(sheet) == ["new", "new"]
    assert announced() == [(CINEMA, DAY), (DIGITAL, LATER)]


def test_a_file_that_gives_a_film_two_dates_is_believed_once(take, monkeypatch):
    rows = line("渡し船") + line("渡し船", LATER) + line("渡し船")
    monkeypatch.setattr(jobs, "BATCH", 2)

    first, again = take(rows), take(rows)

    assert outcomes(first) == ["new", "refused", "same"]
    assert why_refused(first) == "other_date"
    assert outcomes(again) == ["same", "refused", "same"]
    assert announced() == [(CINEMA, DAY)]


def test_a_sheet_given_again_changes_nothing(take):
    rows = line("渡し船") + line("未定の船", None) + line("配信の船", channel="digital", imdb_id="tt0000005")
    entry = EntryFactory(film=titled("配信の船", imdb_id="tt0000005"))
    take(rows)
    before = list(Film.objects.order_by("pk").values()), list(ReleaseDate.objects.order_by("pk").values())
    revision = User.objects.get(pk=entry.owner_id).wall_revision

    again = take(rows)

    assert outcomes(again) == ["same", "same", "same"]
    assert (list(Film.objects.order_by("pk").values()), list(ReleaseDate.objects.order_by("pk").values())) == before
    assert User.objects.get(pk=entry.owner_id).wall_revision == revision


def test_a_sheet_that_is_done_is_not_read_again(take):
    sheet = take(line("渡し船"))
    announce(film=Film.objects.get(), kind=CINEMA, released_on=None)

    assert not take_sheet(sheet.pk)

    assert announced() == []
    assert not take_sheet(10**9)


@pytest.mark.parametrize(("content", "why"), [(b"", "empty"), (b"\xff\xd8\xff\xe0\0\0", "no_text"), ("", "no_rows")])
def test_a_file_that_cannot_be_read_says_why(take, content, why):
    sheet = take(content)

    assert (sheet.state, sheet.error.split()[0]) == ("failed", why)
    assert sheet.ended_at


def test_a_file_that_is_gone_or_was_replaced_says_so(sheet, drop, bucket):
    replaced, gone = sheet(line("渡し船")), sheet(line("渡し船"), "b.csv")
    drop("a.csv", line("別の船"))
    bucket.Object(gone.stored_as).delete()

    for waiting in (replaced, gone):
        take_sheet(waiting.pk)

    assert list(Sheet.objects.order_by("pk").values_list("state", "error")) == [
        ("failed", "replaced"),
        ("failed", "gone"),
    ]
    assert not Film.objects.exists()


def test_a_sheet_waits_for_a_storage_that_is_away(sheet, storage_away, settings):
    waiting = Sheet.objects.create(name="a", stored_as="releases/a.csv", version="1")

    with pytest.raises(StorageAway):
        take_sheet(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "new"


def test_a_file_of_several_blocks_is_read_whole(take):
    wide = "x" * 400
    count = 3000

    sheet = take("".join(line(f"Film {n} {wide}", day="soon") for n in range(count)))

    assert (sheet.state, sheet.rows_done, sheet.outcomes) == ("done", count, {"refused": count})


def test_a_turn_ends_in_time_and_the_next_goes_on(sheet, monkeypatch):
    waiting = sheet("".join(line(f"Film {n}") for n in range(5)))
    monkeypatch.setattr(jobs, "BATCH", 2)
    monkeypatch.setattr(jobs, "LONGEST_TURN", 0)

    tasks.take_sheet(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.rows_done) == ("new", 2)
    assert Message.objects.values_list("task", "queue", "kwargs").get() == (
        "movies.releases.tasks.take_sheet",
        "imports",
        {"sheet_id": waiting.pk},
    )
    turns = 1
    while take_sheet(waiting.pk):
        turns += 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.rows_done, turns) == ("done", 5, 3)
    assert Film.objects.count() == SheetRow.objects.count() == 5


def test_a_job_that_breaks_off_within_a_batch_leaves_nothing_of_it_and_goes_on_from_there(sheet, monkeypatch):
    waiting = sheet("".join(line(f"Film {n}") for n in range(6)))
    monkeypatch.setattr(jobs, "BATCH", 2)
    announcing = iter([announce, announce, announce])

    def break_off(**asked):
        return next(announcing)(**asked)

    with monkeypatch.context() as broken:
        broken.setattr("movies.releases.taking.announce", break_off)
        with pytest.raises(StopIteration):
            take_sheet(waiting.pk)
    waiting.refresh_from_db()
    left_off = waiting.rows_done, Film.objects.count()

    take_sheet(waiting.pk)

    waiting.refresh_from_db()
    assert left_off == (2, 2)
    assert (waiting.state, waiting.rows_done, waiting.outcomes) == ("done", 6, {"new": 6})
    assert Film.objects.count() == 6


def test_a_batch_asks_the_database_a_bounded_number_of_times(sheet, django_assert_max_num_queries):
    for n in range(20):
        titled(f"Film {n}", tmdb_id=n + 1)
    waiting = sheet("".join(line(f"Film {n}", tmdb_id=n + 1) for n in range(20)))

    # Of a film: found, its rows here, its date, announced (locked, dates, written, read, saved), its entries; a savepoint.
    with django_assert_max_num_queries(25 + 20 * 16):
        take_sheet(waiting.pk)


def test_many_lines_about_one_film_are_not_read_back_for_each_of_them(sheet):
    titled("渡し船", tmdb_id=5)
    waiting = sheet(line("渡し船", tmdb_id=5) * 30)

    with CaptureQueriesContext(connection) as asked:
        take_sheet(waiting.pk)

    about_them = [query["sql"] for query in asked if '"movies_sheetrow"."film_id" =' in query["sql"]]
    assert len(about_them) == 1  # of the batch, not of each line


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_on_one_sheet_do_it_once(sheet, monkeypatch):
    waiting = sheet("".join(line(f"Film {n}") for n in range(30)))
    monkeypatch.setattr(jobs, "BATCH", 5)
    failed = []

    def work():
        try:
            take_sheet(waiting.pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    waiting.refresh_from_db()
    assert failed == []
    assert (waiting.state, waiting.outcomes) == ("done", {"new": 30})
    assert Film.objects.count() == SheetRow.objects.count() == 30


def test_a_row_without_a_date_gives_no_old_film_the_number_of_its_remake(take):
    old = titled("ゴジラ", "ゴジラ", imdb_id="tt0047034", world_on=datetime.date(1954, 11, 3), world_precision="day")

    take(line("ゴジラ", None, tmdb_id=990001))

    old.refresh_from_db()
    assert old.tmdb_id is None


def test_a_row_that_is_refused_gives_no_film_its_number(take):
    film = titled("渡し船", japan_on=DAY - datetime.timedelta(days=500), japan_precision="day")

    sheet = take(line("渡し船", tmdb_id=990002))

    film.refresh_from_db()
    assert why_refused(sheet) == "revival"
    assert film.tmdb_id is None


def test_a_sheet_whose_task_was_given_up_is_queued_again_by_the_next_look(sheet):
    made = sheet(line("渡し船"))
    assert not Message.objects.exists()

    look_for_sheets()

    assert Message.objects.get().kwargs == {"sheet_id": made.pk}


def test_blank_lines_cost_next_to_nothing(take):
    sheet = take("\n" * 200_000 + ",,\n" * 100_000 + line("渡し船"))

    assert sheet.outcomes == {"new": 1}


def test_a_merge_takes_the_day_along_that_a_distributor_has_announced(take):
    film, into = titled("渡し船"), FilmFactory(tmdb_id=5)
    entry = EntryFactory(film=into)
    take(line("渡し船"))

    merge_films(actor=UserFactory(is_staff=True), film=film, into=into, reason="One film")

    into.refresh_from_db()
    entry.refresh_from_db()
    assert (into.japan_on, entry.japan_on) == (DAY, DAY)
