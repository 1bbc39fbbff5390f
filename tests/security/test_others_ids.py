"""One number is the id of everything that somebody else has. It is put wherever an address takes one of mine: into its path,
its query, its body; and wherever it takes a filter or an order, what no page offers."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PersonalToken, User, Visibility
from movies.diary.models import Entry, FilmList, Viewing
from movies.imports.models import Batch, Mention, Row
from tests.api import client_of
from tests.description import taken
from tests.factories import (
    BatchFactory,
    EntryFactory,
    FilmListFactory,
    FilmListItemFactory,
    MentionFactory,
    RowFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)
from tests.security import everywhere
from tests.security.api_table import ACTS, READS
from tests.security.api_table import TABLE as API
from tests.security.conftest import IS_WHOLE, Tell
from tests.security.page_table import TABLE as PAGES
from tests.security.roles import World
from tests.security.sending import Asked, send, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

THEIRS = 7_654_321
PUT = [str(THEIRS), f"{THEIRS}.{THEIRS}", "them"]
SECRET = "zqsecretqz"
TABLE_OF = re.compile(r'(?:FROM|JOIN|UPDATE|INTO) "?(\w+)"?')
LOOKUPS = {
    "owner__subject": "x", "owner__mailbox__address__startswith": "a", "film__entries__owner__handle": "x", "pk__in": "1",
    "followee__followers__follower__subject": "x", "entries__memo__contains": "x", "order_by": "owner__issuer",
    "_to_field": "issuer", "ordering": "-owner__mailbox__address", "fields": "owner,subject,memo", "expand": "owner",
}  # fmt: skip


@pytest.fixture
def them() -> User:
    """Somebody whose wall is private; everything of theirs has one id, and holds one word."""
    them: User = UserFactory(pk=THEIRS, handle="them", wall_visibility=Visibility.PRIVATE)
    said = {"review": SECRET, "memo": SECRET, "tags": [SECRET], "visibility": Visibility.PRIVATE}
    entry = EntryFactory(pk=THEIRS, owner=them, **said)
    ViewingFactory(pk=THEIRS, entry=entry)
    WishFactory(pk=THEIRS, owner=them, film=entry.film)
    FilmListItemFactory(
        pk=THEIRS, film_list=FilmListFactory(pk=THEIRS, owner=them, name=SECRET), film=entry.film, note=SECRET
    )
    batch = BatchFactory(pk=THEIRS, owner=them, name=SECRET, state=Batch.State.READY)
    mention = MentionFactory(pk=THEIRS, batch=batch, state=Mention.State.DOUBTFUL, named={"title": SECRET})
    RowFactory(pk=THEIRS, batch=batch, mention=mention, raw={"Name": SECRET}, value=SECRET)
    PersonalToken.objects.create(pk=THEIRS, owner=them, name=SECRET, scope="write", digest="0" * 64)
    return them


def whats_theirs() -> dict[str, Any]:
    kinds = (User, Entry, Viewing, FilmList, Batch, Mention, Row, PersonalToken)
    return {model.__name__: model._base_manager.filter(pk=THEIRS).values().get() for model in kinds}


def test_no_id_of_anothers_is_taken_for_mine(them: User, asked: Asked, tell: Tell) -> None:
    world = World.make()
    everywhere.fill(world)
    client, before = world.client("owner"), whats_theirs()
    client.raise_request_exception = False
    said, changed, number = [], [], 0

    for name, address in everywhere.pages(world).items():
        for method, usual in (("get", {}), ("post", PAGES[name].data)):
            asked.names = set()
            send(client, method, address, usual)
            for put in PUT if IS_WHOLE else PUT[:1]:
                whole = dict.fromkeys(asked.names, put)
                for data in (whole, whole | usual) if usual else (whole,):
                    number += 1
                    with undone():
                        answer = send(client, method, address, data, undoes=False)
                        changed += [(name, data)] if method == "post" and whats_theirs() != before else []
                    said += [(name, method, data)] if is_told(answer) else []

    tell(requests=number)
    assert (said, changed) == ([], [])


def is_told(answer: Any) -> bool:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return SECRET.encode() in body


def test_no_id_of_anothers_stands_for_mine_in_a_path(them: User, tell: Tell) -> None:
    """Nor for one of two: my import with their film."""
    world = World.make()
    everywhere.fill(world)
    me, before, number = world.owner, whats_theirs(), 0
    browser, script = Client(raise_request_exception=False), client_of(me)
    browser.force_login(me)
    said, changed = [], []

    for table, client in ((PAGES, browser), (API, script)):
        for name, address in table.items():
            usual = address.path(world)
            for argument, value in usual.items():
                if argument in {"pk", "mention", "film"} and value != world.entry.film.pk:
                    path, number = reverse(name, kwargs=usual | {argument: THEIRS}), number + 1
                    for method in ("get", "post", "patch", "put", "delete"):
                        with undone():
                            data = address.data(world) if callable(address.data) else address.data  # type: ignore[operator]
                            kind = {"content_type": "application/json"} if table is API and method != "get" else {}
                            answer = getattr(client, method)(path, data, **kind)
                            changed += [(name, method)] if whats_theirs() != before else []
                        said += [(name, method)] if is_told(answer) else []

    tell(addresses=number)
    assert (said, changed) == ([], [])
    assert number > 30


@pytest.mark.parametrize(
    "put", [str(THEIRS), THEIRS, "them", [THEIRS], {"id": THEIRS}][: 5 if IS_WHOLE else 2], ids=str
)
def test_no_id_of_anothers_is_taken_by_the_api(them: User, put: Any) -> None:
    world, said, changed = World.make(), [], []
    client, before = world.script("owner"), whats_theirs()

    for name, method in ACTS:
        path, usual = reverse(name, kwargs=API[name].path(world)), API[name].data(world)
        names = taken(path, method) | {"id", "pk", "owner", "entry", "viewing", "mention", "batch"}
        for data in (dict.fromkeys(names, put), usual | dict.fromkeys(names - usual.keys(), put)):
            with undone():
                answer = getattr(client, method)(f"{path}?id={THEIRS}&owner=them", data, "application/json")
                changed += [(name, method)] if whats_theirs() != before else []
            said += [(name, method)] if is_told(answer) else []

    assert (said, changed) == ([], [])


def tables_of(queries: CaptureQueriesContext) -> set[str]:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {table for query in queries.captured_queries for table in TABLE_OF.findall(query["sql"] or "")} & known


def test_no_filter_and_no_order_reaches_a_table_that_the_page_does_not_read(asked: Asked, tell: Tell) -> None:
    world, beyond, number = World.make(), [], 0
    lookups = list(LOOKUPS) if IS_WHOLE else list(LOOKUPS)[:1]
    everywhere.fill(world)
    browser, script = Client(raise_request_exception=False), client_of(world.owner)
    browser.force_login(world.owner)
    pages = [(browser, name, address) for name, address in everywhere.pages(world).items()]
    lists = [(script, name, reverse(name, kwargs=API[name].path(world))) for name in READS]

    for client, name, address in pages + lists:
        asked.names = set()
        usual = API[name].query if name in API else {}
        with CaptureQueriesContext(connection) as queries:
            send(client, "get", address, usual)
        read = tables_of(queries)
        for data in (dict.fromkeys(asked.names, lookup) | LOOKUPS for lookup in lookups):
            number += 1
            reset_queries()  # else there would be more of them than Django keeps
            with CaptureQueriesContext(connection) as queries:
                send(client, "get", address, usual | data)
            beyond += [(name, table, data) for table in tables_of(queries) - read]

    tell(requests=number)
    assert beyond == []
