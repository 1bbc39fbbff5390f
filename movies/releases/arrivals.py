"""Sheets come in: staff upload them, or find them read again; distributors drop them into the bucket. A file lies in the
bucket before anything speaks of it, so that whatever breaks off is made good by the next look."""

from pathlib import PurePosixPath

import structlog
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from movies.releases import incoming, tasks
from movies.releases.incoming import Arrival
from movies.releases.models import Sheet
from movies.releases.refusals import Refusal
from mymovie.outbox import services as outbox

LARGEST_SHEET = 200 * 1024 * 1024
LONGEST_KEY = 300

log = structlog.get_logger(__name__)


def upload_sheet(*, actor: User, file: File) -> Sheet:
    """Raises StorageAway."""
    arrival = incoming.keep(file)
    return _take_in(arrival, name=str(file.name), uploaded_by=actor)


def look_for_sheets() -> int:
    """Have what was dropped into the bucket read; says how many files are new. Raises StorageAway."""
    count = 0
    for arrivals in incoming.arrivals():
        known = set(
            Sheet.objects.filter(stored_as__in=[arrival.stored_as[:LONGEST_KEY] for arrival in arrivals])
            .order_by()
            .values_list("stored_as", "version")
        )
        for arrival in arrivals:
            if (arrival.stored_as[:LONGEST_KEY], arrival.version) not in known:
                _take_in(arrival, name=PurePosixPath(arrival.stored_as).name)
                count += 1
    for sheet in Sheet.objects.filter(state=Sheet.State.NEW).order_by("pk"):  # also those whose task was given up
        outbox.add(tasks.take_sheet, dedupe_key=tasks.sheet_key(sheet.pk), sheet_id=sheet.pk)
    return count


@transaction.atomic
def read_again(*, actor: User, sheet: Sheet) -> bool:
    """Go on with a sheet that could not be read; rows that have been taken stay as they are. Says whether that is done:
    not where it is read just now, or would be refused again."""
    sheet = Sheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    if not sheet.may_be_read_again:
        return False
    sheet.state, sheet.error, sheet.ended_at = Sheet.State.NEW, "", None
    sheet.save(update_fields=["state", "error", "ended_at"])
    log.info("sheet.again", sheet=sheet.pk, actor=actor.pk)
    outbox.add(tasks.take_sheet, dedupe_key=tasks.sheet_key(sheet.pk), sheet_id=sheet.pk)
    return True


@transaction.atomic
def _take_in(arrival: Arrival, *, name: str, uploaded_by: User | None = None) -> Sheet:
    """What was uploaded may have been found in the bucket before it is said whose it is."""
    why = _why_unreadable(arrival)
    sheet, _is_new = Sheet.objects.get_or_create(
        stored_as=arrival.stored_as[:LONGEST_KEY],
        version=arrival.version,
        defaults={
            "name": name[:200],
            "state": Sheet.State.FAILED if why else Sheet.State.NEW,
            "error": str(why) if why else "",
            "ended_at": timezone.now() if why else None,
        },
    )
    if uploaded_by:
        sheet.name, sheet.uploaded_by = name[:200], uploaded_by
        sheet.save(update_fields=["name", "uploaded_by"])
    if sheet.state == Sheet.State.NEW:
        outbox.add(tasks.take_sheet, dedupe_key=tasks.sheet_key(sheet.pk), sheet_id=sheet.pk)
    return sheet


def _why_unreadable(arrival: Arrival) -> Refusal | None:
    if len(arrival.stored_as) > LONGEST_KEY:
        return Refusal("name_too_long", arrival.stored_as)
    if arrival.size > LARGEST_SHEET:
        return Refusal("too_large", str(arrival.size // 2**20))
    return None
