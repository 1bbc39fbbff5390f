import time
from collections.abc import Iterator
from itertools import islice

from django.utils import timezone

from accounts.mail.delivery import deliver
from movies.catalog.claims import claimed
from movies.releases import incoming, letters, sheets
from movies.releases.models import Sheet
from movies.releases.refusals import Refusal
from movies.releases.sheets import BadRow, Row, SheetRefused
from movies.releases.taking import last_line_of, take_batch

BATCH = 200  # rows a transaction: a second or two in which nobody else brings in facts of films
LONGEST_TURN = 40  # seconds; a task is killed after sixty


def take_sheet(sheet_id: int) -> bool:
    """Take what a sheet says into our films, from where this was left off, for as long as a turn lasts; says whether
    there is more. Each row is taken once, whoever else is at it and whenever this is killed. Raises StorageAway."""
    ends_at = time.monotonic() + LONGEST_TURN
    with claimed(f"sheet {sheet_id}") as is_ours:
        sheet = Sheet.objects.filter(pk=sheet_id, state=Sheet.State.NEW).first() if is_ours else None
        if sheet is None:
            return False
        try:
            with incoming.opened(sheet.stored_as, sheet.version) as file:
                for rows in _batches(sheets.read(file, after=last_line_of(sheet))):
                    take_batch(sheet, rows)
                    if time.monotonic() >= ends_at:
                        return True
        except SheetRefused as refused:
            _end(sheet, Sheet.State.FAILED, refused.refusal)
        except FileNotFoundError:
            _end(sheet, Sheet.State.FAILED, Refusal("gone"))
        except incoming.Replaced:
            _end(sheet, Sheet.State.FAILED, Refusal("replaced"))
        else:
            _end(sheet, Sheet.State.DONE)
        return False


def _batches(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _end(sheet: Sheet, state: Sheet.State, why: Refusal | None = None) -> None:
    error = str(why) if why else ""
    Sheet.objects.filter(pk=sheet.pk).update(state=state, error=error, ended_at=timezone.now())


def send_reminder(notice_id: int) -> None:
    deliver(notice_id, letters.compose)
