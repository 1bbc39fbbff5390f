"""Export and deletion are complete by construction: every model that is tied to a person is walked."""

import csv
import io
import json
import tracemalloc
import zipfile

import pytest
from botocore.exceptions import EndpointConnectionError
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import ForeignKey, Model
from django.test import Client
from django.utils import timezone

from accounts.identity import jobs, services
from accounts.identity.models import Scope
from accounts.identity.tokens import make_token
from accounts.models import Block, FormerHandle, Report, StaffAction, User
from accounts.people.avatars import picture_names
from accounts.people.models import DELETION_AFTER
from movies.catalog.models import Film
from movies.diary.export import COPIES, PARTS, write_archive
from movies.diary.export import archive_of as written_for
from movies.diary.models import Entry, FilmList
from movies.imports.models import Batch, Change, Mention, Pick, Row
from movies.releases.models import CalendarFeed, Sheet
from movies.sharing.models import FeedAddress, Picture, WallPoster
from mymovie.uploads import kept_files
from tests.factories import (
    BlockFactory,
    ContactMessageFactory,
    FilmFactory,
    FollowFactory,
    MailboxFactory,
    NoticeFactory,
    ReportFactory,
    StaffActionFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)

pytestmark = pytest.mark.django_db

LogEntry = apps.get_model("admin", "LogEntry")
DJANGOS_OWN = {(LogEntry, "user")}

# Tied to a person, and yet not theirs to be given.
NOT_EXPORTED = {
    (Block, "blocked"): "who has blocked somebody is not told them",
    (Report, "person"): "who has reported somebody is not told them",
    (StaffAction, "actor"): "the acts of staff are the site's",
    (LogEntry, "user"): "the same, as Django notes them",
    (Sheet, "uploaded_by"): "files of distributors are the site's",
    (CalendarFeed, "owner"): "it says no more than that there is an address, which is a key",
    (FeedAddress, "owner"): "the same",
    (Picture, "owner"): "painted of what is exported, by us",
    (Picture, "entry"): "the same",
    (WallPoster, "owner"): "the same; for a week it can be downloaded",
    (Mention, "batch"): "a file's words stand in its rows, and what they were taken for in their entries",
    (Row, "mention"): "the same",
    (Row, "entry"): "rows are told of their import",
    (Change, "entry"): "changes are told of their import",
}
# What outlives an account, without saying whose it was.
OUTLIVES = {
    (FormerHandle, "owner"): "nobody may have the handle for a while",
    (StaffAction, "actor"): "acts of staff can be checked for ever",
    (Sheet, "uploaded_by"): "a file of a distributor stays, whoever uploaded it",
    (Picture, "owner"): "leads to the file until that is deleted, within a minute",
    (Picture, "entry"): "the same",
    (WallPoster, "owner"): "the same",
}


def ties() -> dict[tuple[type[Model], str], str]:
    """Every foreign key that leads to a person, by way of whatever rows are theirs: and the path to them."""
    found: dict[tuple[type[Model], str], str] = {}
    personal: dict[type[Model], str] = {User: ""}
    while True:
        new = {
            (model, field.name): f"{field.name}__{personal[field.related_model]}".removesuffix("__")
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, ForeignKey) and field.related_model in personal
        }
        if new == found:
            return found
        found = new
        personal |= {tie[0]: path for tie, path in new.items() if tie not in OUTLIVES and tie[0] not in personal}


SAID_OF_IT = {
    "entry__review": "湯屋\nの話",
    "entry__memo": "母と",
    "entry__tags": ["a, b", "ジブリ"],
    "entry__is_liked": True,
}


@pytest.fixture
def person() -> User:
    """Somebody with a row of every kind."""
    user = UserFactory(handle="hanako", display_name="花子", bio="=1+1", birth_date="1990-05-10")
    film = FilmFactory(title_ja="千と千尋の神隠し", tmdb_id=129, world_on="2001-07-20", world_precision="day")
    entry = ViewingFactory(entry__owner=user, entry__film=film, score=85, entry__score=95, **SAID_OF_IT).entry
    FollowFactory(follower=user, followee__handle="taro")
    FollowFactory(followee=user, follower__handle="jiro", is_muted=True)
    BlockFactory(blocker=user, blocked__handle="saburo")
    BlockFactory(blocked=user, blocker__handle="enemy")
    ContactMessageFactory(sender=user, text="Hello")
    WishFactory(owner=user)
    favourites = FilmList.objects.create(owner=user, name="=Best", description="Of all")
    favourites.items.create(film=film, position=1, note="First")
    bring(user, entry)
    CalendarFeed.objects.create(owner=user)
    FeedAddress.objects.create(owner=user)
    Picture.objects.create(
        kind="entry", owner=user, entry=entry, language="ja", stored_as="1", painted_at=timezone.now()
    )
    WallPoster.objects.create(owner=user, language="ja")
    Sheet.objects.create(name="december.csv", stored_as="december.csv", version="1", uploaded_by=user)
    MailboxFactory(user=user)
    make_token(owner=user, name="backup", scope=Scope.READ)
    NoticeFactory(recipient=user)
    ReportFactory(reporter=user, text="Rude")
    ReportFactory(person=user, text="Secret accusation", reporter__handle="accuser")
    StaffActionFactory(actor=user)
    FormerHandle.objects.create(handle="hana", owner=user, kept_until=timezone.now() + DELETION_AFTER)
    return user


def bring(user: User, entry: Entry) -> None:
    """An import of one row that has made `entry`."""
    batch = Batch.objects.create(owner=user, stored_as="imports/1", name="mine.csv")
    mention = Mention.objects.create(batch=batch, key="a" * 64, named={}, film=entry.film)
    raw = {"title": "千と千尋の神隠し", "score": "95"}
    Row.objects.create(batch=batch, number=1, line=2, raw=raw, mention=mention, entry=entry, outcome=Row.Outcome.NEW)
    Row.objects.create(batch=batch, number=2, line=3, raw={}, outcome=Row.Outcome.REJECTED, reason="no_title")
    Change.objects.create(batch=batch, film=entry.film, entry=entry, before={"review": "As it was"})
    Pick.objects.create(owner=user, key="a" * 64, film=entry.film)


def archive_of(user: User) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_archive(user, file)
    return zipfile.ZipFile(file)


def rows(archive: zipfile.ZipFile, part: str) -> list[dict]:
    return json.loads(archive.read(f"{part}.json"))


def test_every_tie_to_a_person_is_exported_or_said_not_to_be() -> None:
    exported = {(part.model, part.mine.partition("__")[0]) for part in PARTS if part.model is not User}

    assert ties().keys() == exported | NOT_EXPORTED.keys()


def test_every_column_of_an_exported_row_is_in_the_archive(person: User) -> None:
    archive = archive_of(person)

    for part in PARTS:
        names = set(rows(archive, part.name)[0])
        for field in part.model._meta.concrete_fields:
            is_there = any(name == field.name or name.startswith(f"{field.name}_") for name in names)
            assert is_there != (field.name in COPIES | part.left_out), field


def test_the_archive_says_what_one_has_recorded(person: User) -> None:
    archive = archive_of(person)

    (entry,), (viewing,) = rows(archive, "entries"), rows(archive, "viewings")
    assert (entry["film_tmdb_id"], entry["film_title_ja"], entry["score"]) == (129, "千と千尋の神隠し", 95)
    assert (entry["review"], entry["memo"], entry["film_year"]) == ("湯屋\nの話", "母と", 2001)
    assert (entry["tags"], entry["is_liked"], entry["visibility"]) == (["a, b", "ジブリ"], True, "public")
    assert (viewing["film_tmdb_id"], viewing["watched_on"], viewing["score"]) == (129, "2024-01-01", 85)
    assert rows(archive, "profile")[0]["birth_date"] == "1990-05-10"
    assert [row["followee"] for row in rows(archive, "following")] == ["taro"]
    assert [row["follower"] for row in rows(archive, "followers")] == ["jiro"]


def test_the_archive_says_what_stands_on_ones_lists(person: User) -> None:
    archive = archive_of(person)

    (film_list,), (item,) = rows(archive, "lists"), rows(archive, "list_items")
    assert (film_list["name"], film_list["description"]) == ("=Best", "Of all")
    assert (item["film_list"], item["film_list_name"], item["film_list_description"]) == (
        film_list["id"],
        "=Best",
        "Of all",
    )
    assert (item["film_tmdb_id"], item["position"], item["note"]) == (129, 1, "First")


def test_the_archive_says_what_one_has_imported_and_what_came_of_it(person: User) -> None:
    archive = archive_of(person)

    (batch,) = rows(archive, "imports")
    made, refused = rows(archive, "import_rows")
    assert (batch["name"], made["batch"], refused["batch"]) == ("mine.csv", batch["id"], batch["id"])
    assert (made["line"], made["raw"]["score"], made["outcome"]) == (2, "95", "new")
    assert (made["entry"], made["film_tmdb_id"]) == (rows(archive, "entries")[0]["id"], 129)
    assert (refused["reason"], refused["entry"], refused["film_tmdb_id"]) == ("no_title", None, None)
    assert rows(archive, "import_changes")[0]["before"] == {"review": "As it was"}
    assert rows(archive, "import_picks")[0]["film_tmdb_id"] == 129


def test_the_archive_says_nothing_of_what_others_did_in_secret(person: User) -> None:
    archive = archive_of(person)

    everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert "Secret accusation" not in everything
    assert "accuser" not in everything
    assert "enemy" not in everything
    assert "is_muted" not in rows(archive, "followers")[0]


def test_the_archive_names_tokens_and_holds_nothing_by_which_one_is_known(person: User) -> None:
    archive = archive_of(person)

    (token,) = rows(archive, "personal_tokens")
    assert (token["name"], token["scope"], token["used_at"], token["expires_at"]) == ("backup", "read", None, None)
    assert token["made_at"]
    everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert person.tokens.get().digest not in everything


def test_a_part_without_rows_has_its_headings() -> None:
    archive = archive_of(UserFactory())

    assert rows(archive, "viewings") == []
    assert archive.read("viewings.csv").decode("utf-8-sig").startswith("id,entry,entry_deleted_at,film_tmdb_id,")


def test_csv_says_the_same_as_json_and_runs_nothing(person: User) -> None:
    archive = archive_of(person)

    for part in PARTS:
        written = archive.read(f"{part.name}.csv").decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(written)))) == len(rows(archive, part.name))
    assert rows(archive, "profile")[0]["bio"] == "=1+1"
    (profile,) = csv.DictReader(io.StringIO(archive.read("profile.csv").decode("utf-8-sig")))
    assert profile["bio"] == "'=1+1"


def test_the_picture_is_in_it(person: User) -> None:
    person.avatar = "a" * 32
    with kept_files() as storage:
        storage.save(picture_names(person.avatar)[512], ContentFile(b"a picture"))

    assert archive_of(person).read("picture.webp") == b"a picture"


def test_one_downloads_ones_own(client: Client, person: User) -> None:
    client.force_login(person)

    answer = client.get("/settings/data/download/")

    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mymovie-hanako-')
    assert answer.headers["Cache-Control"] == "private, no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert rows(archive, "profile")[0]["handle"] == "hanako"


@pytest.mark.parametrize("path", ["/settings/data/", "/settings/data/download/"])
def test_a_visitor_has_no_data_here(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/sign-in/?next={path}"


def test_a_picture_that_cannot_be_read_now_is_said(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.avatar = "a" * 32
    person.save()
    client.force_login(person)

    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="s3")

    monkeypatch.setattr("storages.backends.s3.S3Storage.open", away)

    assert client.get("/settings/data/download/").status_code == 503


def test_nothing_of_a_person_outlives_the_account_but_what_does_not_say_whose_it_was(person: User) -> None:
    services.leave(user=person)
    User.objects.filter(pk=person.pk).update(deletion_asked_at=timezone.now() - DELETION_AFTER)
    theirs = {
        tie: list(tie[0].objects.filter(**{path: person}).values_list("pk", flat=True))
        for tie, path in ties().items()
        if tie not in DJANGOS_OWN
    }
    assert all(theirs.values()), "the person has a row of every kind"

    jobs.end_accounts()

    for (model, name), pks in theirs.items():
        left = model.objects.filter(pk__in=pks)
        if (model, name) in OUTLIVES:
            assert left.filter(**{name: None}).count() == len(pks)
        else:
            assert not left.exists(), f"{model.__name__}.{name}"
    assert FormerHandle.objects.filter(handle="hanako", owner=None).exists()


def test_a_long_history_takes_no_more_memory_than_a_short_one() -> None:
    user = UserFactory()
    films = Film.objects.bulk_create(Film(original_title=f"Film {number}") for number in range(1000))
    review, now = "Great. " * 3000, timezone.now()
    Entry.objects.bulk_create(Entry(owner=user, film=film, review=review, recorded_at=now) for film in films)
    tracemalloc.start()
    try:
        file = written_for(user)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    with file, zipfile.ZipFile(file) as archive:
        assert archive.getinfo("entries.json").file_size > 20 * 2**20
    assert most < 16 * 2**20
