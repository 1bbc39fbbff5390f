"""Every address at which something can be read, pages, API and staff pages, in a world that has a row of everything."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from mymovie.outbox.models import Message, Run
from tests.factories import (
    ContactMessageFactory,
    NoticeFactory,
    ReportFactory,
    RowFactory,
    SheetFactory,
    SheetRowFactory,
    StaffActionFactory,
)
from tests.security.addresses import names
from tests.security.api_table import TABLE as API
from tests.security.page_table import TABLE as PAGES
from tests.security.roles import World

STAFF = "admin:"
NOBODYS_DATA = {"django_session", "limits_count", "accounts_personaltoken"}
"""What is counted while one reads: sessions, how often, and when a token was last used."""


def fill(world: World) -> None:
    """With a row of whatever staff look at, beside what its addresses make."""
    RowFactory(batch=world.batch, mention=world.mention, said={"score": 70}, raw={"Name": "Ran"})
    SheetRowFactory(sheet=SheetFactory())
    ContactMessageFactory(sender=world.owner)
    NoticeFactory(recipient=world.owner)
    ReportFactory(person=world.owner)
    StaffActionFactory(subject_id=world.entry.pk)
    Group.objects.get_or_create(name="staff")
    Message.objects.create(task="movies.diary.tasks.refresh_film", queue="tmdb", available_at=timezone.now())
    Run.objects.create(job="relay", slot=timezone.now())


def pages(world: World) -> dict[str, str]:
    return {name: reverse(name, kwargs=address.path(world)) for name, address in PAGES.items()}


def api(world: World) -> dict[str, str]:
    return {name: reverse(name, kwargs=address.path(world)) for name, address in API.items()}


def staff(world: World) -> dict[str, str]:
    return {name: staff_page(name, world) for name in sorted(names()) if name.startswith(STAFF)}


def staff_page(name: str, world: World) -> str:
    """Of the first row of its kind, where it is about a row."""
    about = "_".join(name.removeprefix(STAFF).split("_")[:2])
    rows: dict[str, Any] = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in apps.get_models()}
    pk = getattr(rows[about]._base_manager.first(), "pk", 1) if about in rows else world.entry.pk
    for arguments in ([], [pk], ["accounts"], [1, pk]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return f"/staff/{pk}/"  # what no pattern of theirs knows


def sums() -> dict[str, str]:
    """A checksum of each table."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    asked = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {table} AS one" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table: said or "" for table, said in cursor.fetchall() if table not in NOBODYS_DATA}


def changed(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    return (table for table in before if before[table] != after[table])
