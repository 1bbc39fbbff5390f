"""What the rows of a sheet change, a batch in a transaction."""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from movies.catalog.announcements import announce
from movies.catalog.facts import one_writer_at_a_time
from movies.catalog.models import Film
from movies.diary.asking import ask_for_facts
from movies.diary.films import films_changed
from movies.releases.matching import KINDS, announced_in, film_of
from movies.releases.models import Sheet, SheetRow
from movies.releases.sheets import BadRow, Channel, Row, RowRefused

FURTHEST = datetime.timedelta(days=5 * 366)
REVIVED_AFTER = datetime.timedelta(days=180)

Outcome = SheetRow.Outcome
Told = tuple[int, datetime.date | None]  # the line of the file that first names the day of a film, and the day


@transaction.atomic
def take_batch(sheet: Sheet, rows: Iterable[Row | BadRow]) -> None:
    """Do what the rows say, and note what became of each; rows that have been taken are left out.

    Films are locked before entries, and entries before walls, as whoever records does.
    """
    sheet = Sheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    one_writer_at_a_time()
    last, batch = last_line_of(sheet), _Batch(sheet)
    for row in rows:
        if row.number > last:
            batch.take(row)
    SheetRow.objects.bulk_create(batch.taken)
    sheet.outcomes = Counter(sheet.outcomes) + Counter(str(row.outcome) for row in batch.taken)
    sheet.rows_done = sum(sheet.outcomes.values())
    sheet.save(update_fields=["outcomes", "rows_done"])
    films_changed([batch.films[pk] for pk in sorted(batch.changed)])
    for pk in sorted(batch.films):
        if batch.films[pk].tmdb_id or batch.films[pk].imdb_id:
            ask_for_facts(batch.films[pk])


def last_line_of(sheet: Sheet) -> int:
    """Of those that have been taken."""
    return sheet.rows.order_by("-number").values_list("number", flat=True).first() or 0


class _Batch:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.taken: list[SheetRow] = []
        self.films: dict[int, Film] = {}
        self.changed: set[int] = set()
        self.told: dict[tuple[int | None, int | None], Told | None] = {}

    def take(self, row: Row | BadRow) -> None:
        kept = SheetRow(sheet=self.sheet, number=row.number, title=row.title)
        self.taken.append(kept)
        if isinstance(row, BadRow):
            kept.outcome, kept.reason = Outcome.REFUSED, str(row.refusal)
            return
        kept.title = row.title or row.original_title
        kept.kind, kept.released_on = KINDS[row.channel], row.release_on
        try:
            with transaction.atomic():  # a row that is refused has changed nothing
                self._take(row, kept)
        except RowRefused as refused:
            kept.outcome, kept.reason = Outcome.REFUSED, str(refused.refusal)

    def _take(self, row: Row, kept: SheetRow) -> None:
        _refuse_far_away(row)
        film, is_changed = film_of(row)
        kept.film = film
        _refuse_revival(row, film)
        self._refuse_second_date(kept)
        kept.outcome = _announced(row, film)
        key = film.pk, kept.kind
        self.told[key] = self.told.get(key) or (row.number, row.release_on)
        self.films[film.pk] = film
        if is_changed or kept.outcome != Outcome.SAME:
            self.changed.add(film.pk)

    def _refuse_second_date(self, kept: SheetRow) -> None:
        """Whichever came last would count, and the other again when the file is read again."""
        key = kept.film_id, kept.kind
        if key not in self.told:
            self.told[key] = self._told_before(kept)
        told = self.told[key]
        if told and told[1] != kept.released_on:
            raise RowRefused("other_date", f"{told[0]}")

    def _told_before(self, kept: SheetRow) -> Told | None:
        """By the lines before this batch, which may be thousands about one film: all agree, or were refused."""
        rows = SheetRow.objects.filter(sheet=self.sheet, film=kept.film_id, kind=kept.kind)
        days = rows.exclude(outcome=Outcome.REFUSED).order_by().values_list("released_on")
        # Grouped, so that nothing tempts PostgreSQL to walk through the whole sheet for the first of them.
        return next(((line, day) for day, line in days.annotate(Min("number"))), None)


def _refuse_far_away(row: Row) -> None:
    """Another century is a slip of the pen."""
    if row.release_on and abs(row.release_on - timezone.localdate()) > FURTHEST:
        raise RowRefused("date_far_away", f"{row.release_on}")


def _refuse_revival(row: Row, film: Film) -> None:
    """What has opened in Japan long ago comes back, perhaps; the day on which it was first seen there stays."""
    if row.channel != Channel.CINEMA or row.release_on is None or film.japan_on is None:
        return
    if film.japan_on < row.release_on - REVIVED_AFTER and film.japan_on < timezone.localdate():
        raise RowRefused("revival", f"{film.japan_on}")


def _announced(row: Row, film: Film) -> SheetRow.Outcome:
    kind = KINDS[row.channel]
    had_a_date = announced_in(kind).filter(film=film).exists()
    if not announce(film=film, kind=kind, released_on=row.release_on):
        return Outcome.SAME
    if row.release_on is None:
        return Outcome.WITHDRAWN
    return Outcome.MOVED if had_a_date else Outcome.NEW
