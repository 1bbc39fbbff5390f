"""Imports by the API: whoever brings a file follows it from its upload to their wall, and back."""

import csv
import io

import pytest
import requests
from django.test import Client

from accounts.models import User
from movies.catalog.titles import search_text_of
from movies.diary.models import Entry
from movies.imports import report
from movies.imports.api import imports
from movies.imports.models import Batch, Change, Mention, Row
from movies.imports.serializers import (
    DoubtSerializer,
    ExpectedImportSerializer,
    ImportInBriefSerializer,
    ImportRowSerializer,
    ImportSerializer,
)
from mymovie.limits.services import Limit
from mymovie.outbox.models import Message
from mymovie.rest import quotas
from mymovie.uploads import StorageAway
from tests.api import client_of
from tests.factories import BatchFactory, CreditFactory, FilmFactory, MentionFactory, RowFactory, UserFactory
from tests.movies.imports.conftest import work
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

IMPORTS = "/api/v1/imports"
HEADINGS = {"columns": ["邦題", "年", "点"], "preview": [{"邦題": "乱", "年": "1985", "点": "4.5"}]}
ACTS = {"answers": "asking", "import": "ready", "undo": "done", "again": "failed"}


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def mine(person: User) -> Client:
    return client_of(person)


def post(client: Client, path: str = "", body: object = None, **headers: str):
    return client.post(f"{IMPORTS}{path}", body or {}, content_type="application/json", headers=headers)


def kind_of(answer) -> str:
    return answer.json()["type"].rpartition(":")[2]


def a_row(batch: Batch, outcome: str = "new", **facts: object) -> Row:
    return RowFactory(batch=batch, mention=MentionFactory(batch=batch), outcome=outcome, said={}, **facts)


class TestBeginning:
    def test_an_import_waits_for_a_file_and_says_where_it_is_to_be_sent(self, mine: Client, person: User) -> None:
        answer = post(mine, body={"name": "diary.csv"})

        batch, said = Batch.objects.get(), answer.json()
        assert (answer.status_code, batch.owner, batch.name, batch.state) == (201, person, "diary.csv", "expected")
        assert said.keys() == ExpectedImportSerializer().fields.keys()
        assert (said["id"], said["upload"]["fields"]["key"]) == (str(batch.pk), batch.stored_as)
        assert said["upload"]["url"].startswith("http")

    def test_the_same_request_sent_again_begins_one_import(self, mine: Client) -> None:
        answers = [post(mine, **{"Idempotency-Key": "one"}) for _ in range(2)]

        assert answers[0].content == answers[1].content
        assert Batch.objects.count() == 1

    def test_files_are_counted_by_themselves(self, mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        two = Limit("import", 2, quotas.HOUR)
        monkeypatch.setattr(quotas, "IMPORT", quotas.Quota(two, two, two))

        answers = [post(mine) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert post(mine, f"/{answers[0].json()['id']}/undo").status_code == 409

    def test_not_without_end_at_once(self, mine: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports.services, "MOST_EXPECTED", 1)
        BatchFactory(owner=person, state="matching")

        answer = post(mine)

        assert (answer.status_code, kind_of(answer), answer.json()["most"]) == (409, "too-many-imports", 1)
        assert Batch.objects.count() == 1

    @pytest.mark.parametrize("body", [{"name": "a" * 201}, {"name": None}, {"name": "a\0"}, []])
    def test_what_is_no_name_begins_nothing(self, mine: Client, body: object) -> None:
        answer = mine.post(IMPORTS, body, content_type="application/json")

        assert (answer.status_code, kind_of(answer)) == (400, "invalid-input")
        assert not Batch.objects.exists()


class TestTheFile:
    def test_that_it_has_arrived_is_said_once_or_more_often(self, mine: Client, put) -> None:
        begun = post(mine).json()
        put(Batch.objects.get(), b"title\nRan\n")

        answers = [post(mine, f"/{begun['id']}/arrived") for _ in range(2)]

        assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "reading")] * 2
        assert Message.objects.count() == 1

    def test_one_that_is_not_there_is_a_problem(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person)

        answer = post(mine, f"/{batch.pk}/arrived")

        assert (answer.status_code, kind_of(answer)) == (409, "no-file")
        assert Batch.objects.get().state == "expected"

    def test_a_storage_that_is_away_is_a_problem(self, mine, person, monkeypatch) -> None:
        def away(stored_as: str) -> int:
            raise StorageAway

        monkeypatch.setattr("movies.imports.incoming.size_of", away)

        answer = post(mine, f"/{BatchFactory(owner=person).pk}/arrived")

        assert (answer.status_code, kind_of(answer)) == (503, "unavailable")
        assert "Retry-After" in answer.headers

    def test_a_form_of_the_bucket_takes_it(self, mine: Client) -> None:
        begun = post(mine).json()

        sent = requests.post(
            begun["upload"]["url"], data=begun["upload"]["fields"], files={"file": b"title\nRan\n"}, timeout=5
        )

        assert sent.status_code in (200, 201, 204)
        assert post(mine, f"/{begun['id']}/arrived").json()["state"] == "reading"


class TestAnswering:
    def test_what_is_asked_is_told_and_answered(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="asking", questions=HEADINGS)
        columns = {"title": "邦題", "score": "点", "scale": "5"}

        asked = mine.get(f"{IMPORTS}/{batch.pk}").json()["questions"]
        answer = post(mine, f"/{batch.pk}/answers", {"columns": columns})

        batch.refresh_from_db()
        assert asked == HEADINGS | {"part": [], "date_order": [], "guess": {"title": "邦題", "year": "年"}}
        assert (answer.status_code, answer.json()["state"], answer.json()["questions"]) == (200, "reading", None)
        assert batch.answers["columns"] == columns

    @pytest.mark.parametrize(
        ("questions", "answers", "pointer"),
        [
            (HEADINGS, {}, "/columns"),
            (HEADINGS, {"columns": {"title": "題"}}, "/columns/title"),
            (HEADINGS, {"columns": {"score": "点"}}, "/columns"),
            (HEADINGS, {"columns": {"title": "邦題", "memo": "邦題"}}, "/columns"),
            (HEADINGS, {"columns": {"title": "邦題", "scale": "20"}}, "/columns/scale"),
            (HEADINGS, {"columns": ["邦題"]}, "/columns"),
            ({"part": ["a", "b"]}, {"part": "c"}, "/part"),
            ({"part": ["a", "b"], "date_order": ["ymd", "mdy"]}, {"part": "a"}, "/date_order"),
            ({"date_order": ["ymd", "mdy"]}, {"date_order": "dmy"}, "/date_order"),
            ({"date_order": ["ymd", "mdy"]}, {"date_order": "mdy", "part": "a"}, "/part"),
        ],
    )
    def test_what_is_no_answer_is_refused_with_its_place(self, mine, person, questions, answers, pointer) -> None:
        batch = BatchFactory(owner=person, state="asking", questions=questions)

        answer = post(mine, f"/{batch.pk}/answers", answers)

        batch.refresh_from_db()
        assert (answer.status_code, kind_of(answer)) == (400, "invalid-input")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert batch.state == "asking"


class TestReading:
    def test_mine_are_listed_the_latest_first_and_page_by_page(self, mine, person, monkeypatch) -> None:
        monkeypatch.setattr(imports, "PAGE_SIZE", 2)
        batches = [BatchFactory(owner=person) for _ in range(5)]
        BatchFactory()

        ids, address = [], IMPORTS
        while address:
            page = mine.get(address).json()
            ids += [one["id"] for one in page["results"]]
            address = page["next"]

        assert ids == [str(batch.pk) for batch in reversed(batches)]
        assert page["results"][0].keys() == ImportInBriefSerializer().fields.keys()

    @pytest.mark.parametrize("count", [1, 20])
    def test_the_list_costs_the_same_however_long(self, mine, person, count, django_assert_num_queries) -> None:
        for _ in range(count):
            a_row(BatchFactory(owner=person, state="ready"))
        mine.get(IMPORTS)

        with django_assert_num_queries(3):  # token, limit, the imports
            assert len(mine.get(IMPORTS).json()["results"]) == count

    def test_an_import_says_how_far_it_is_and_what_came_of_its_rows(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="ready", format="letterboxd")
        for number, outcome in enumerate(["new", "new", "rejected"], 1):
            a_row(batch, outcome, number=number)

        said = mine.get(f"{IMPORTS}/{batch.pk}").json()

        assert said.keys() == ImportSerializer().fields.keys()
        assert (said["state"], said["format"], said["error"], said["questions"]) == ("ready", "letterboxd", None, None)
        assert said["counts"] == dict.fromkeys(Row.Outcome.values, 0) | {"new": 2, "rejected": 1}
        assert (said["progress"].keys(), said["progress"]["rows"]) == ({"rows", "rate", "share", "seconds_left"}, 3)

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "The file is too large. Bring one of at most 100 MB."), ("ja", "100")]
    )
    def test_why_it_failed_is_said_to_programs_and_to_people(self, person, language, words) -> None:
        batch = BatchFactory(owner=person, state="failed", error="too_large", error_about="100")

        said = client_of(person).get(f"{IMPORTS}/{batch.pk}", headers={"Accept-Language": language}).json()["error"]

        assert said["kind"] == "too_large"
        assert words in said["detail"]

    def test_rows_are_read_by_outcome_and_page_by_page(self, mine, person, monkeypatch) -> None:
        monkeypatch.setattr(report, "PAGE", 2)
        batch = BatchFactory(owner=person, state="ready")
        for number in range(1, 6):
            a_row(batch, number=number)
        wrong = {"reason": "not_a_date", "column": "Date", "value": "never"}
        RowFactory(batch=batch, number=6, line=7, outcome="rejected", **wrong)

        numbers, address = [], f"{IMPORTS}/{batch.pk}/rows?outcome=new"
        while address:
            page = mine.get(address).json()
            numbers += [row["number"] for row in page["results"]]
            address = page["next"]
        (rejected,) = mine.get(f"{IMPORTS}/{batch.pk}/rows?outcome=rejected").json()["results"]
        for none in ("", "best"):
            assert mine.get(f"{IMPORTS}/{batch.pk}/rows?outcome={none}").status_code == 400

        assert numbers == [1, 2, 3, 4, 5]
        assert rejected.keys() == ImportRowSerializer().fields.keys()
        assert wrong.items() <= rejected.items()
        assert (rejected["line"], rejected["why"][:15]) == (7, "This is no date")

    @pytest.mark.parametrize("count", [1, 30])
    def test_rows_cost_the_same_however_many(self, mine, person, count, django_assert_num_queries) -> None:
        batch = BatchFactory(owner=person, state="ready")
        for _ in range(count):
            RowFactory(batch=batch, mention=MentionFactory(batch=batch, film=FilmFactory()), outcome="new", said={})
        mine.get(IMPORTS)

        with django_assert_num_queries(4):  # token, limit, the import, its rows with their films
            page = mine.get(f"{IMPORTS}/{batch.pk}/rows").json()

        assert len(page["results"]) == count
        assert page["results"][0]["film"]["original_title"].startswith("Film")

    @pytest.mark.parametrize("query", [{"outcome": "good"}, {"after": "x"}, {"after": "-1"}, {"after": "9" * 30}])
    @pytest.mark.parametrize("path", ["rows", "doubts"])
    def test_a_place_that_no_list_gave_out_is_refused(self, mine, person, path, query) -> None:
        batch = BatchFactory(owner=person, state="ready")

        assert mine.get(f"{IMPORTS}/{batch.pk}/{path}", query).status_code == (
            200 if path == "doubts" and "outcome" in query else 400
        )

    def test_what_was_rejected_comes_as_a_table(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="done")
        RowFactory(batch=batch, outcome="rejected", reason="no_title", raw={"Name": ""})
        a_row(batch)

        answer = mine.get(f"{IMPORTS}/{batch.pk}/rejects", headers={"Accept": "text/csv"})

        (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert row["mymovie_reason"] == "The row names no film."


class TestDoubts:
    @pytest.fixture
    def doubt(self, person: User) -> Mention:
        batch = BatchFactory(owner=person, state="ready")
        film = CreditFactory(film=FilmFactory(original_title="Ran", tmdb_id=11645), person__name="Akira Kurosawa").film
        elsewhere = {"tmdb_id": 129, "title": "千と千尋の神隠し", "year": 2001, "poster_path": "/a.jpg"}
        named = {"title": "Ran", "year": 1985}
        candidates = [{"film": film.pk}, elsewhere | {"original_title": "千と千尋の神隠し"}]
        doubt = MentionFactory(batch=batch, state="doubtful", named=named, candidates=candidates)
        RowFactory(batch=batch, mention=doubt, line=7, outcome="doubtful", said={"is_seen": True, "score": 90})
        return doubt

    def test_they_come_with_the_films_that_may_be_meant(self, mine: Client, doubt: Mention) -> None:
        page = mine.get(f"{IMPORTS}/{doubt.batch_id}/doubts").json()

        (said,) = page["results"]
        ours, elsewhere = said["choices"]
        assert page["next"] is None
        assert said.keys() == DoubtSerializer().fields.keys()
        assert (said["id"], said["title"], said["year"]) == (str(doubt.pk), "Ran", 1985)
        assert [(row["line"], row["what"]) for row in said["rows"]] == [(7, "seen · 90 points")]
        assert (ours["film"]["original_title"], ours["tmdb_id"]) == ("Ran", 11645)
        assert (ours["directors"], elsewhere["directors"]) == (["Akira Kurosawa"], [])
        assert (elsewhere["film"], elsewhere["tmdb_id"], elsewhere["year"]) == (None, 129, 2001)
        assert elsewhere["poster"]["w342"].endswith("/w342/a.jpg")

    def test_the_film_that_is_meant_is_chosen(self, mine: Client, doubt: Mention) -> None:
        film = FilmFactory()

        answer = post(mine, path_of(doubt), {"film": str(film.pk)})

        doubt.refresh_from_db()
        assert (answer.status_code, doubt.state, doubt.film) == (200, "picked", film)

    def test_one_that_only_tmdb_has_is_made(self, mine: Client, doubt: Mention, tmdb_server) -> None:
        answer = post(mine, path_of(doubt), {"tmdb_id": 129})

        doubt.refresh_from_db()
        assert (answer.status_code, doubt.state, doubt.film.tmdb_id) == (200, "picked", 129)

    def test_its_rows_can_be_left_out(self, mine: Client, doubt: Mention) -> None:
        answer = post(mine, path_of(doubt), {"leave_out": True})

        doubt.refresh_from_db()
        assert (answer.status_code, doubt.state, doubt.film) == (200, "left_out", None)

    @pytest.mark.parametrize(
        ("body", "status", "kind"),
        [
            ({}, 400, "invalid-input"),
            ({"leave_out": False}, 400, "invalid-input"),
            ({"leave_out": True, "tmdb_id": 129}, 400, "invalid-input"),
            ({"film": "1", "tmdb_id": 129}, 400, "invalid-input"),
            ({"film": "999999"}, 404, "film-unknown"),
            ({"tmdb_id": 999999}, 404, "film-unknown"),
        ],
    )
    def test_what_is_no_choice_changes_nothing(self, mine, doubt, tmdb_server, body, status, kind) -> None:
        answer = post(mine, path_of(doubt), body)

        doubt.refresh_from_db()
        assert (answer.status_code, kind_of(answer), doubt.state) == (status, kind, "doubtful")

    def test_a_silent_tmdb_is_a_problem_of_its_own(self, mine: Client, doubt: Mention, tmdb_server) -> None:
        tmdb_server.always = Response(503)

        answer = post(mine, path_of(doubt), {"tmdb_id": 129})

        assert (answer.status_code, kind_of(answer)) == (503, "tmdb-away")

    def test_none_is_chosen_for_rows_that_are_on_the_wall(self, mine: Client, doubt: Mention) -> None:
        doubt.rows.update(is_done=True)

        answer = post(mine, path_of(doubt), {"leave_out": True})

        assert (answer.status_code, kind_of(answer)) == (409, "import-not-ready")

    def test_those_of_other_imports_are_not_there(self, mine: Client, person: User, doubt: Mention) -> None:
        other = BatchFactory(owner=person, state="ready")

        assert post(mine, f"/{other.pk}/doubts/{doubt.pk}", {"leave_out": True}).status_code == 404


def path_of(doubt: Mention) -> str:
    return f"/{doubt.batch_id}/doubts/{doubt.pk}"


class TestGoingOn:
    def test_the_file_can_be_told_to_be_right(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="ready")

        answer = post(mine, f"/{batch.pk}/import", {"overwrites": True})

        batch.refresh_from_db()
        assert (answer.status_code, answer.json()["state"]) == (200, "importing")
        assert (batch.state, batch.overwrites) == ("importing", True)

    @pytest.mark.parametrize(("act", "state"), [("import", "importing"), ("undo", "undoing")])
    def test_the_same_request_sent_again_is_answered_the_same(self, mine, person, act, state) -> None:
        batch = BatchFactory(owner=person, state=ACTS[act])

        answers = [post(mine, f"/{batch.pk}/{act}", **{"Idempotency-Key": "one"}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].content == answers[1].content
        assert answers[0].json()["state"] == state

    def test_one_that_failed_is_started_again(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="failed", error="stalled", error_about="reading")

        said = post(mine, f"/{batch.pk}/again").json()

        assert (said["state"], said["error"]) == ("reading", None)

    @pytest.mark.parametrize(
        ("state", "overwrites", "status"), [("undone", False, 200), ("done", True, 200), ("done", False, 409)]
    )
    def test_one_is_imported_again_where_that_means_something(self, mine, person, state, overwrites, status) -> None:
        batch = BatchFactory(owner=person, state=state)

        assert post(mine, f"/{batch.pk}/import", {"overwrites": overwrites}).status_code == status

    @pytest.mark.parametrize("act", ACTS)
    @pytest.mark.parametrize("state", ["expected", "matching"])
    def test_nothing_is_done_out_of_its_turn(self, mine, person, act, state) -> None:
        batch = BatchFactory(owner=person, state=state)

        answer = post(mine, f"/{batch.pk}/{act}")

        batch.refresh_from_db()
        assert (answer.status_code, kind_of(answer), answer.json()["state"]) == (409, "import-not-ready", state)
        assert batch.state == state

    @pytest.mark.parametrize("overwrites", [1, "yes", None])
    def test_what_is_neither_yes_nor_no_is_refused(self, mine, person, overwrites) -> None:
        batch = BatchFactory(owner=person, state="ready")

        assert post(mine, f"/{batch.pk}/import", {"overwrites": overwrites}).status_code == 400


class TestDropping:
    def test_a_dry_run_is_dropped_with_all_its_rows(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="ready")
        a_row(batch)

        answer = mine.delete(f"{IMPORTS}/{batch.pk}")

        assert answer.status_code == 204
        assert not Batch.objects.exists()
        assert not Row.objects.exists()

    @pytest.mark.parametrize("state", ["importing", "done", "undoing"])
    def test_what_stands_on_the_wall_is_not_dropped(self, mine: Client, person: User, state: str) -> None:
        batch = BatchFactory(owner=person, state=state)
        Change.objects.create(batch=batch, film=FilmFactory())

        answer = mine.delete(f"{IMPORTS}/{batch.pk}")

        assert (answer.status_code, kind_of(answer)) == (409, "import-not-ready")
        assert Batch.objects.exists()

    def test_what_went_on_meanwhile_is_not_dropped(self, mine: Client, person: User) -> None:
        batch = BatchFactory(owner=person, state="asking")
        read = mine.get(f"{IMPORTS}/{batch.pk}").headers["ETag"]
        Batch.objects.update(state="ready")

        assert mine.delete(f"{IMPORTS}/{batch.pk}", headers={"If-Match": read}).status_code == 412
        assert Batch.objects.exists()


def test_a_strangers_import_is_not_there(person: User) -> None:
    stranger = client_of(UserFactory())
    batches = {act: BatchFactory(owner=person, state=state) for act, state in ACTS.items()}
    doubt = MentionFactory(batch=batches["import"], state="doubtful")

    acts = [post(stranger, f"/{batch.pk}/{act}") for act, batch in batches.items()]
    acts += [post(stranger, path_of(doubt), {"leave_out": True}), post(stranger, f"/{batches['undo'].pk}/arrived")]
    reads = [stranger.get(f"{IMPORTS}/{doubt.batch_id}{path}") for path in ("", "/rows", "/doubts", "/rejects")]

    assert {answer.status_code for answer in [*acts, *reads]} == {404}
    assert stranger.delete(f"{IMPORTS}/{doubt.batch_id}").status_code == 404
    assert stranger.get(IMPORTS).json()["results"] == []
    assert {batch.pk: batch.state for batch in Batch.objects.all()} == {
        batches[act].pk: state for act, state in ACTS.items()
    }


def test_a_visitor_has_no_imports() -> None:
    batch = BatchFactory()

    answers = [Client().get(IMPORTS), Client().get(f"{IMPORTS}/{batch.pk}"), post(Client()), post(Client(), "/1/undo")]

    assert {answer.status_code for answer in answers} == {401}


def test_a_file_goes_the_whole_way_and_back(mine: Client, person: User, put) -> None:
    FilmFactory(original_title="Ran", search_text=search_text_of("Ran"), world_on="1985-05-31", world_precision="day")
    address = f"/{post(mine, body={'name': 'log.csv'}).json()['id']}"
    batch = Batch.objects.get()

    def now() -> str:
        return mine.get(f"{IMPORTS}{address}").json()["state"]

    put(batch, "邦題,年,点\nRan,1985,4.5\nRan,1985,9\n".encode())
    post(mine, f"{address}/arrived")
    work(batch)
    assert now() == "asking"
    post(mine, f"{address}/answers", {"columns": {"title": "邦題", "year": "年", "score": "点", "scale": "5"}})
    work(batch)
    assert now() == "ready"
    counts = mine.get(f"{IMPORTS}{address}").json()["counts"]
    assert {outcome: count for outcome, count in counts.items() if count} == {"new": 1, "rejected": 1}
    post(mine, f"{address}/import")
    work(batch)
    assert (now(), Entry.objects.get(owner=person).score) == ("done", 90)
    post(mine, f"{address}/undo")
    work(batch)
    assert now() == "undone"
    assert not Entry.objects.of(person).exists()
