"""Markup in every text that the database holds, whoever wrote it; then every page that shows any, looked at by its owner and
by staff: nothing of it becomes part of a page, and nothing runs. `context` watches for dialogs and for what the CSP refuses."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction
from django.test import Client

from accounts.models import User
from movies.imports.models import Batch
from tests.browser.person import Person
from tests.browser.scenery import film_with_everything, import_of
from tests.factories import EntryFactory
from tests.security import everywhere
from tests.security.conftest import IS_WHOLE
from tests.security.roles import World

pytestmark = pytest.mark.browser

MARKUP = [
    "<img src=x data-hostile onerror=alert(1)>{}",
    '{}"><svg data-hostile onload=alert(1)>',
    "{}'><details open data-hostile ontoggle=alert(1)>",
    "</title></textarea></style></script><script data-hostile>alert(1)</script>{}",
    '{}" data-hostile onfocus=alert(1) autofocus x="',
    "[{}](javascript:alert(1)) <a data-hostile href='javascript:alert(1)'>x</a>",
    '{}--> ]]> <iframe data-hostile srcdoc="<script>alert(1)</script>"></iframe>',
    "{}\\u003cimg src=x data-hostile onerror=alert(1)\\u003e&lt;img data-hostile&gt;",
]
SHOWN = re.compile("_(change|changelist|report|choices|letter)$")
WORD = re.compile(r"zq\w+?qz|data-hostile")
ADDRESS = 'https://example.com/{}"><img/src=x/data-hostile/onerror=alert(1)>'
# What the site itself writes there, and nobody else: words of its own that it acts upon, names of files, keys, digests.
OUR_OWN = {
    "accounts.Notice": {"key", "task", "why"},
    "accounts.PersonalToken": {"digest"},
    "accounts.User": {"issuer", "subject", "handle", "search_text", "avatar_upload", "avatar", "time_zone"},
    "movies.Batch": {"stored_as", "format", "error", "error_about", "answers"},
    "movies.Entry": {"title_ja_key", "title_en_key"},
    "movies.Film": {
        "imdb_id", "wikidata_id", "original_language", "country", "poster_path", "watch_link", "search_text", "unverified",
    },
    "movies.Mention": {"key", "reason", "candidates", "named"},
    "movies.Row": {"part", "reason", "about", "said"},
    "movies.Sheet": {"stored_as", "version", "error", "outcomes"},
    "movies.SheetRow": {"reason"},
    "movies.WatchProvider": {"logo_path"},
    "movies.ReleaseDate": {"country"},
    "outbox.Message": {"task", "queue", "dedupe_key", "trace_id", "kwargs"},
    "outbox.Run": {"job"},
}  # fmt: skip
NOBODY_READS = {"admin", "auth", "contenttypes", "sessions", "limits", "rest"}
MUST_BE_SEEN = {
    "accounts.User.display_name", "accounts.User.bio", "accounts.User.url", "accounts.Report.text",
    "accounts.ContactMessage.text", "accounts.ContactMessage.email", "accounts.StaffAction.reason",
    "accounts.PersonalToken.name", "movies.Film.original_title", "movies.Film.title_ja", "movies.Film.overview_ja",
    "movies.Person.name", "movies.Credit.character", "movies.Genre.name_ja",
    "movies.WatchProvider.name", "movies.Entry.review", "movies.Entry.memo", "movies.Entry.tags",
    "movies.FilmList.name", "movies.FilmList.description", "movies.FilmListItem.note", "movies.Batch.name",
    "movies.Row.value", "movies.Row.file", "movies.Row.raw", "movies.Mention.named", "movies.Sheet.name",
    "movies.SheetRow.title",
}  # fmt: skip
STAYED_OUT = """() => [
  ...document.querySelectorAll("[data-hostile], script:not([src]):not([type$=json])"),
  ...[...document.querySelectorAll("[href], [src], [action], [formaction], [srcset]")].filter((element) =>
    ["href", "src", "action", "formaction"].some((name) =>
      /^\\s*(javascript|vbscript|data:text)/i.test(element.getAttribute(name) || ""))),
  ...[...document.querySelectorAll("*")].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith("on"))),
].map((element) => element.outerHTML.slice(0, 200))"""


def made_hostile() -> dict[str, str]:
    """The name of each column, by the word that now stands in it. What the database itself refuses is left as it was."""
    words: dict[str, str] = {}
    markup = cycle(MARKUP)
    for model in apps.get_models():
        if model._meta.app_label in NOBODY_READS:
            continue
        for field in model._meta.concrete_fields:
            if field.name in OUR_OWN.get(model._meta.label, ()) or field.choices:
                continue
            word = f"zq{len(words)}qz"
            text = (ADDRESS if field.name == "url" else next(markup)).format(word)[: field.max_length]
            if value := hostile(field, text):
                for pk in model._base_manager.values_list("pk", flat=True):
                    write(model, pk, field, value)
                words[word] = f"{model._meta.label}.{field.name}"
    return words


def hostile(field: models.Field, text: str) -> Any:
    match field:
        case models.CharField() | models.TextField():
            return text if not field.max_length or field.max_length >= 30 else "<i data-hostile>"[: field.max_length]
        case ArrayField():
            return [text]
        case models.JSONField():
            return {"Name": text, text: text}
    return None


def write(model: type[models.Model], pk: object, field: models.Field, value: Any) -> None:
    """Unique, where it has to be."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**{field.name: value})
    except DatabaseError:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**{field.name: f"{value}{pk}"[: field.max_length]})


def showing(user: User, addresses: dict[str, str]) -> Iterator[str]:
    """Those at which something hostile is said in what a browser shows as a document."""
    client = Client()
    client.force_login(user)
    for address in addresses.values():
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if answer.status_code == 200 and kind in {"text/html", "image/svg+xml"} and WORD.search(body.decode()):
            yield address


def test_markup_in_any_text_is_only_read(person: Callable[[User], Person]) -> None:
    world = World.make()
    everywhere.fill(world)
    rich = film_with_everything()
    EntryFactory(owner=world.owner, film=rich, score=7)
    brought = import_of(world.owner, Batch.State.READY)
    staff = {name: page for name, page in everywhere.staff(world).items() if IS_WHOLE or SHOWN.search(name)}
    addresses = everywhere.pages(world) | staff
    words = made_hostile()
    for mention in brought.mentions.all():
        mention.named |= {"title": MARKUP[0].format("zqtitleqz"), "original_title": MARKUP[1], "directors": [MARKUP[2]]}
        mention.candidates = [one | {"title": MARKUP[3]} if "title" in one else one for one in mention.candidates]
        mention.save()
    words["zqtitleqz"] = "movies.Mention.named"
    rich.refresh_from_db()
    addresses |= {
        "rich": rich.get_absolute_url(),
        "brought": f"/import/{brought.pk}/",
        "rejected": f"/import/{brought.pk}/?outcome=rejected",
        "doubts": f"/import/{brought.pk}/doubts/",
        "edited": f"/films/{world.entry.film_id}/record/",
    }

    seen, visited = set(), 0
    for user in (world.owner, world.person("staff")):
        assert user is not None
        reader = person(user)
        for address in showing(user, addresses):
            reader.opens(address)
            visited += 1
            content = reader.page.content()
            seen |= {name for word, name in words.items() if word in content}
            assert reader.page.evaluate(STAYED_OUT) == [], address

    assert visited > 40
    assert MUST_BE_SEEN - seen == set()


@pytest.fixture
def person(another: Callable[[User], Person]) -> Callable[[User], Person]:
    return another
