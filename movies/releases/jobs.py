import datetime
import time
from collections.abc import Iterator
from itertools import islice

from django.utils import timezone

from accounts.mail.delivery import deliver
from accounts.mail.letters import Letter
from accounts.mail.models import Notice
from movies.catalog.claims import claimed
from movies.diary.models import Wish
from movies.releases import incoming, letters, sheets
from movies.releases.models import Sheet
from movies.releases.refusals import Refusal
from movies.releases.reminders import JAPAN, Channel, Event, opening_of
from movies.releases.sheets import BadRow, Row, SheetRefused
from movies.releases.taking import last_line_of, take_batch

BATCH = 200  # rows a transaction: a second or two in which nobody else brings in facts of films
LONGEST_TURN = 40  # seconds; a task is killed after sixty


def send_reminder(notice_id: int) -> None:
    deliver(notice_id, _compose)


def _compose(notice: Notice) -> Letter | None:
    """None where it is no longer so: the film is no longer wished for, or opens on another day by now."""
    event, channel = Event(notice.about["event"]), Channel(notice.about["channel"])
    day = _day(notice.about["day"])
    wish = (
        Wish.objects.filter(owner=notice.recipient_id, film=notice.about["film"])
        .select_related("film", "owner")
        .first()
    )
    if wish is None or not getattr(wish, channel.flag) or opening_of(wish.film, channel) != day:
        return None
    if event == Event.SOON and not wish.reminds_a_week_before:
        return None
    if event == Event.OPENS and day != timezone.now().astimezone(JAPAN).date():
        return None
    return letters.reminder(notice, wish.owner, wish.film, event, channel, day=day, was=_day(notice.about.get("was")))


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


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
