import json
import re

import pytest
import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people.handles import RESERVED
from movies.imports import incoming, report, services
from movies.imports.models import Batch, Change, Row
from tests.factories import BatchFactory, FilmFactory, MentionFactory, RowFactory, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PLAIN = {
    "columns": ["邦題", "観た日", "評価", "その他"],
    "preview": [
        {"邦題": "乱", "観た日": "03/04/2024", "評価": "4.5", "その他": "x"},
        {"邦題": "生きる", "観た日": "05/06/2024", "評価": "3", "その他": ""},
    ],
}


@pytest.fixture
def me(client):
    user = UserFactory(handle="hanako")
    client.force_login(user)
    return user


@pytest.fixture
def batch(me):
    def make(state, **facts):
        return BatchFactory(owner=me, state=state, **facts)

    return make


def page_of(client, batch, **query):
    return client.get(f"/en/import/{batch.pk}/", query)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_new_import_waits_for_its_file(client, me):
    response = client.post("/en/import/begin/")

    batch = Batch.objects.get(owner=me)
    assert response.url == f"/en/import/{batch.pk}/"
    assert batch.state == Batch.State.EXPECTED


def test_imports_that_never_got_a_file_are_not_listed(client, batch):
    done = batch("done", name="films.csv")
    batch("expected", name="never.csv")

    response = client.get("/en/import/")

    assert list(response.context["batches"]) == [done]
    assert "films.csv" in text_of(response)


def test_the_file_is_sent_to_s3_without_a_token_of_ours(client, batch):
    waiting = batch("expected")

    response = page_of(client, waiting)

    upload = re.search(r'<form class="upload".*?</form>', response.content.decode(), re.S)[0]
    assert f'action="{incoming.origin()}' in upload
    assert "csrfmiddlewaretoken" not in upload
    assert upload.rindex('type="hidden"') < upload.index('type="file"'), "S3 reads no field after the file"


def test_only_the_page_of_an_import_may_send_to_s3(client, batch):
    waiting = batch("expected")

    policy = page_of(client, waiting).headers["Content-Security-Policy"]

    for directive in ("form-action", "connect-src"):
        assert re.search(rf"{directive} [^;]*{re.escape(incoming.origin())}", policy)
    elsewhere = client.get("/import/").headers["Content-Security-Policy"]
    assert not re.search(rf"connect-src [^;]*{re.escape(incoming.origin())}", elsewhere)


def test_without_scripts_s3_leads_back_to_a_button_that_has_the_file_read(client, batch):
    waiting = batch("expected")
    upload = page_of(client, waiting).context["upload"]

    sent = requests.post(
        upload["url"], data=upload["fields"], files={"file": b"Title\nRan\n"}, allow_redirects=False, timeout=10
    )

    assert sent.status_code == 303
    back = client.get("/" + sent.headers["Location"].split("/", 3)[3])
    assert "Look at the file" in text_of(back)
    client.post(f"/import/{waiting.pk}/arrived/")
    waiting.refresh_from_db()
    assert waiting.state == Batch.State.READING


def test_scripts_are_not_led_back_but_told_that_the_file_is_there(client, batch):
    upload = json.loads(page_of(client, batch("expected")).context["by_script"])

    sent = requests.post(
        upload["url"], data=upload["fields"], files={"file": b"Title\nRan\n"}, allow_redirects=False, timeout=10
    )

    assert sent.status_code == 204


def test_a_file_that_has_not_arrived_is_asked_for_again(client, batch):
    waiting = batch("expected")

    response = client.post(f"/en/import/{waiting.pk}/arrived/", follow=True)

    assert "The file has not arrived." in text_of(response)
    assert response.context["batch"].state == Batch.State.EXPECTED


@pytest.mark.parametrize("state", Batch.AT_WORK)
def test_work_is_looked_at_again_and_again_until_it_ends(client, batch, state):
    working = batch(state, step_total=100, step_done=50)
    RowFactory(batch=working)
    address = f"/en/import/{working.pk}/progress/"

    assert f'hx-get="{address}"' in page_of(client, working).content.decode()
    assert 'value="50"' in client.get(address, headers=HTMX).content.decode()
    assert client.get(address).url == f"/en/import/{working.pk}/"

    Batch.objects.update(state="done")
    assert client.get(address, headers=HTMX).headers["HX-Refresh"] == "true"


def test_a_table_that_nobody_knows_is_asked_about_with_a_guess(client, batch):
    form = page_of(client, batch("asking", format="plain", questions=PLAIN)).context["form"]

    assert [column.field.value() for column in form.columns] == ["title", "watched_on", "score", ""]
    assert form["scale"].value() == "5"


def test_the_order_of_a_date_is_asked_with_a_date_of_the_file(client, batch):
    response = page_of(client, batch("asking", format="plain", questions=PLAIN))

    said = text_of(response)
    assert "03/04/2024 = Monday 4 March 2024" in said
    assert "03/04/2024 = Wednesday 3 April 2024" in said


def test_what_is_answered_is_kept_and_the_file_read(client, batch):
    asking = batch("asking", format="plain", questions=PLAIN)

    client.post(
        f"/import/{asking.pk}/answer/",
        {"column_0": "title", "column_1": "watched_on", "column_2": "score", "date_order": "dmy", "scale": "5"},
    )

    asking.refresh_from_db()
    assert asking.state == Batch.State.READING
    assert asking.answers == {
        "date_order": "dmy",
        "columns": {"title": "邦題", "watched_on": "観た日", "score": "評価", "scale": "5"},
    }


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"column_0": "review"}, "Say which column names the film"),
        ({"column_0": "title", "column_1": "title"}, "Another column is this already."),
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_for_again(client, batch, columns, fault):
    asking = batch("asking", format="plain", questions=PLAIN)

    response = client.post(f"/en/import/{asking.pk}/answer/", columns | {"date_order": "dmy", "scale": "5"})

    assert response.status_code == 400
    assert fault in text_of(response)
    asking.refresh_from_db()
    assert asking.state == Batch.State.ASKING


def test_tables_that_look_alike_are_told_apart_by_their_owner(client, batch):
    alike = ["letterboxd.watched", "letterboxd.watchlist", "letterboxd.likes"]
    asking = batch("asking", format="letterboxd", questions={"part": alike})

    assert "Films I want to see" in text_of(page_of(client, asking))
    client.post(f"/import/{asking.pk}/answer/", {"part": "letterboxd.watchlist"})

    asking.refresh_from_db()
    assert asking.answers == {"part": "letterboxd.watchlist"}


def test_before_anything_is_written_it_is_told_what_would_be(client, batch):
    ready = batch("ready")
    mention = MentionFactory(batch=ready, named={"title": "Ran"})
    RowFactory(batch=ready, mention=mention, outcome="new", said={"score": 70})
    RowFactory(batch=ready, outcome="rejected", reason="no_title", column="Title")

    response = page_of(client, ready)

    assert dict(response.context["tallies"]) == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "kept": 0,
        "doubtful": 0,
        "rejected": 1,
    }
    said = text_of(response)
    assert "Ran" in said
    assert "70" in said
    assert "The row names no film." not in said
    assert "The row names no film." in text_of(page_of(client, ready, outcome="rejected"))


def test_rows_come_a_page_at_a_time(client, batch):
    ready = batch("ready")
    Row.objects.bulk_create(
        Row(batch=ready, number=n, line=n, part="plain", raw={}, outcome="new") for n in range(1, report.PAGE + 2)
    )

    first = page_of(client, ready)
    second = client.get(f"/en/import/{ready.pk}/", {"outcome": "new", "after": first.context["next"]}, headers=HTMX)

    assert [row.number for row in second.context["rows"]] == [report.PAGE + 1]
    assert "<html" not in second.content.decode()


@pytest.mark.parametrize("query", [{"outcome": "better"}, {"after": "x"}])
def test_rows_that_no_page_has_linked_to_are_a_mistake(client, batch, query):
    assert page_of(client, batch("ready"), **query).status_code == 400


@pytest.mark.parametrize(("sent", "overwrites"), [({}, False), ({"overwrites": "on"}, True)])
def test_the_files_word_is_taken_over_ones_own_only_where_that_is_said(client, batch, sent, overwrites):
    ready = batch("ready")

    client.post(f"/import/{ready.pk}/run/", sent)

    ready.refresh_from_db()
    assert (ready.state, ready.overwrites) == (Batch.State.IMPORTING, overwrites)


def test_whose_word_counts_is_asked_only_where_they_differ(client, batch):
    ready = batch("ready")
    assert 'name="overwrites"' not in page_of(client, ready).content.decode()

    RowFactory(batch=ready, outcome="kept")

    assert 'name="overwrites"' in page_of(client, ready).content.decode()


@pytest.mark.parametrize(
    ("act", "state", "then"),
    [
        ("undo", "done", Batch.State.UNDOING),
        ("run", "undone", Batch.State.IMPORTING),
    ],
)
def test_an_act_leads_to_what_comes_of_it(client, batch, act, state, then):
    it = batch(state)

    response = client.post(f"/import/{it.pk}/{act}/")

    it.refresh_from_db()
    assert response.url == f"/import/{it.pk}/"
    assert it.state == then


@pytest.mark.parametrize("act", ["arrived", "run", "undo", "again", "discard"])
def test_what_comes_too_late_changes_nothing_and_says_so(client, batch, act):
    working = batch("matching")

    response = client.post(f"/en/import/{working.pk}/{act}/", follow=True)

    working.refresh_from_db()
    assert working.state == Batch.State.MATCHING
    assert 'class="message error"' in response.content.decode()


def test_an_import_can_be_thrown_away_before_anything_came_of_it(client, batch):
    ready = batch("ready")

    response = client.post(f"/import/{ready.pk}/discard/")

    assert response.url == "/import/"
    assert not Batch.objects.exists()


def test_work_that_stood_still_goes_on_where_it_stood(client, batch):
    stalled = batch("failed", error="stalled", error_about="matching")
    assert "Try again" in text_of(page_of(client, stalled))

    client.post(f"/import/{stalled.pk}/again/")

    stalled.refresh_from_db()
    assert stalled.state == Batch.State.MATCHING


def test_a_file_that_cannot_be_read_is_not_tried_again(client, batch):
    assert "Try again" not in text_of(page_of(client, batch("failed", error="no_rows")))


def test_what_a_failed_import_has_written_can_be_taken_back(client, batch):
    failed = batch("failed", error="stalled", error_about="importing")
    Change.objects.create(batch=failed, film=FilmFactory())

    assert "Take this import back" in text_of(page_of(client, failed))
    client.post(f"/import/{failed.pk}/undo/")

    failed.refresh_from_db()
    assert failed.state == Batch.State.UNDOING


def test_too_many_files_at_once_are_refused_kindly(client, batch):
    for _ in range(services.MOST_EXPECTED):
        batch("expected")

    response = client.post("/en/import/begin/", follow=True)

    assert response.redirect_chain == [("/en/import/", 302)]
    assert "Please let one end first." in text_of(response)


def test_after_an_import_the_files_word_can_still_be_taken(client, batch):
    done = batch("done")
    RowFactory(batch=done, outcome="kept")

    assert "Take the file’s word instead" in text_of(page_of(client, done, outcome="kept"))
    client.post(f"/import/{done.pk}/run/", {"overwrites": "on"})

    done.refresh_from_db()
    assert (done.state, done.overwrites) == (Batch.State.IMPORTING, True)


def test_after_an_import_that_has_made_lists_a_door_leads_to_them(client, batch):
    done, other = batch("done"), batch("done")
    Change.objects.create(batch=done, film=FilmFactory(), after={"lists": ["Best"]})
    Change.objects.create(batch=other, film=FilmFactory(), after={"score": 70})
    door = 'href="/en/lists/"'

    assert door in page_of(client, done).content.decode()
    assert door not in page_of(client, other).content.decode()

    Change.objects.update(undone_at=timezone.now())
    assert door not in page_of(client, done).content.decode()


def test_a_row_says_which_of_our_films_it_was_taken_for(client, batch):
    ready = batch("ready")
    film = FilmFactory(original_title="乱")
    RowFactory(batch=ready, outcome="new", mention=MentionFactory(batch=ready, named={"title": "Ran"}, film=film))

    page = page_of(client, ready).content.decode()

    assert f'href="/en{film.get_absolute_url()}"' in page or f'href="{film.get_absolute_url()}"' in page


def test_a_failure_says_why_in_words(client, batch):
    failed = batch("failed", error="too_many_rows", error_about="200,000", ended_at=timezone.now())

    assert "The file has more than 200,000 rows. Split it." in text_of(page_of(client, failed))


def test_what_cannot_be_read_is_given_back_as_a_file(client, batch):
    done = batch("done")
    RowFactory(batch=done, outcome="rejected", reason="no_title")

    response = client.get(f"/import/{done.pk}/rejects.csv")

    assert response.headers["Content-Disposition"] == f'attachment; filename="mymovie-rejects-{done.pk}.csv"'
    assert b"".join(response)


@pytest.mark.parametrize("state", Batch.State.values)
def test_every_state_has_its_page(client, batch, state):
    assert page_of(client, batch(state, questions=PLAIN)).status_code == 200


def test_a_page_of_rows_costs_the_same_however_many_there_are(client, batch):
    ready = batch("ready")

    def cost(rows):
        for _ in range(rows):
            RowFactory(batch=ready, outcome="new", mention=MentionFactory(batch=ready))
        with CaptureQueriesContext(connection) as queries:
            page_of(client, ready)
        return len(queries)

    cost(1)  # the session gets its token

    assert cost(2) == cost(20)


@pytest.mark.parametrize("handle", ["import", "imports"])
def test_nobody_is_called_like_the_door(handle):
    assert handle in RESERVED


def test_the_door_stands_where_it_is_looked_for(client, me):
    for page in ("/settings/data/", "/settings/profile/", f"/@{me.handle}/"):
        assert 'href="/import/"' in client.get(page).content.decode(), page
