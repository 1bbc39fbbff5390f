"""What the worker paints. Each of these may run twice, late, or for what is no longer to be seen."""

import time
from zoneinfo import ZoneInfo

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from accounts.models import User, Visibility
from movies.catalog.dates import in_words
from movies.catalog.models import Film
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.wall import Arrangement, Dates, Order, Wall
from movies.sharing import fetching
from movies.sharing.models import Picture, WallPoster
from movies.sharing.painting.canvas import Canvas
from movies.sharing.painting.pictures import Hung, Size, most_posters, paint_film, paint_wall
from movies.sharing.painting.posters import Work, drawn, fitted
from movies.sharing.painting.sheet import as_pdf, paint_sheet
from movies.sharing.subjects import Seen, Subject, arrangement_of, entries, seen
from movies.sharing.works import MOST_ON_A_SHEET, cells_of, film_facts, first_of, sheet_facts, wall_facts, works_of
from mymovie.uploads import discard, kept_files

FETCHING = 12.0  # seconds for the posters of one picture; a task is killed after sixty
FETCHING_FOR_A_SHEET = 20.0
LONGEST_SHEET = 50.0  # seconds in all; better to be told so than to be killed, three times


log = structlog.get_logger(__name__)


class TookTooLong(Exception):
    pass


def paint_picture(kind: str, pk: int, language: str, arrangement: str) -> bool:
    """True where the picture is new. Raises StorageAway."""
    found = seen(Subject(kind, pk, language, arrangement))
    if found is None or Picture.objects.filter(**found.links, version=found.version).exists():
        return False
    with override(language):
        canvas, shows = _painted(found)
        picture = canvas.png()
    keep(found.stored_as, picture)
    former = _hang(found, shows)
    if former is not None:
        discard(name for name in former if name != found.stored_as)
    elif not Picture.objects.filter(stored_as=found.stored_as).exists():
        discard([found.stored_as])  # it came to be nobody's to see while it was painted
    return former is not None


@transaction.atomic
def _hang(found: Seen, shows: list[int]) -> list[str] | None:
    """The files that no row names any more; None where the subject is no longer to be seen as it was painted."""
    now = seen(found.subject)
    if now is None or now.version != found.version:
        return None
    rows = Picture.objects.select_for_update().filter(**found.links)
    former = list(rows.order_by("pk").values_list("stored_as", flat=True))
    owner = found.row.owner if isinstance(found.row, Entry) else found.row if isinstance(found.row, User) else None
    named = {"version": found.version, "stored_as": found.stored_as, "painted_at": timezone.now()}
    Picture.objects.update_or_create(defaults=named | {"owner": owner, "shows": shows}, **found.links)
    return former


def _painted(found: Seen) -> tuple[Canvas, list[int]]:
    """With the entries that it shows."""
    match found.row:
        case User():
            return _painted_wall(found.row, arrangement_of(found.subject.arrangement))
        case Entry():
            return _painted_film(found.row.film, found.row), [found.row.pk]
        case _:
            return _painted_film(found.row), []


def _painted_wall(owner: User, arrangement: Arrangement) -> tuple[Canvas, list[int]]:
    with timezone.override(ZoneInfo(owner.time_zone)):  # whose days these are
        wall = Wall(entries().filter(owner=owner), arrangement)
        first = first_of(wall, most_posters(wall.count))
    works = works_of([entry.film for _section, entry in first])
    canvas = paint_wall(wall_facts(owner, arrangement, wall.count), len(works), hung(works, seconds=FETCHING))
    return canvas, [entry.pk for _section, entry in first]


def _painted_film(film: Film, entry: Entry | None = None) -> Canvas:
    works = works_of([film])
    return paint_film(film_facts(film, works[0], entry), hung(works, seconds=FETCHING))


def hung(works: list[Work], *, seconds: float, size: str = fetching.SIZE) -> Hung:
    """Each work's own poster where that comes in time and can be read; else the one we draw."""
    files = fetching.fetch_all((work.poster_path for work in works), seconds=seconds, size=size)

    def poster(number: int, size: Size) -> Image.Image:
        work = works[number]
        if content := files.get(work.poster_path):
            try:
                return fitted(fetching.opened(content), size)
            except fetching.NoImage as error:
                log.info("poster.unreadable", path=work.poster_path, reason=str(error))
        return drawn(work.facts, size)

    return poster


def keep(name: str, content: bytes) -> None:
    """Raises StorageAway."""
    with kept_files() as storage:
        kept_as = storage.save(name, ContentFile(content))
        if kept_as != name:
            storage.delete(kept_as)  # it was there already


def paint_poster(poster_id: int) -> None:
    """The sheet that somebody asked for. What fails for good says so on their page; a storage that is away is tried
    again. Raises StorageAway."""
    poster = WallPoster.objects.filter(pk=poster_id, state=WallPoster.State.WAITING).select_related("owner").first()
    if poster is None or poster.owner is None or not poster.owner.is_active:
        return
    try:
        with override(poster.language), timezone.override(ZoneInfo(poster.owner.time_zone)):
            content, films = _painted_sheet(poster, poster.owner)
    except (TookTooLong, OSError, ValueError, MemoryError):
        log.exception("poster.failed", poster=poster_id)
        _end(poster, state=WallPoster.State.FAILED)
        return
    name = f"posters/{poster.pk}-{poster.asked_at:%Y%m%d%H%M%S%f}.pdf"
    keep(name, content)
    is_new = _end(poster, state=WallPoster.State.READY, stored_as=name, films=films)
    if not is_new and not WallPoster.objects.filter(pk=poster.pk, stored_as=name).exists():
        discard([name])  # its owner is gone


def _end(poster: WallPoster, **facts: object) -> bool:
    """False where it was ended already, or its owner is gone."""
    waiting = WallPoster.objects.filter(pk=poster.pk, state=WallPoster.State.WAITING, owner__isnull=False)
    return bool(waiting.update(ended_at=timezone.now(), **facts))


def _painted_sheet(poster: WallPoster, owner: User) -> tuple[bytes, int]:
    """The PDF, and how many films are on it. Raises TookTooLong."""
    ends_at = time.monotonic() + LONGEST_SHEET
    arrangement = Arrangement(Order(poster.order), Dates(poster.dates))
    shown = Entry.objects.of(owner) if poster.is_whole else _for_everybody(owner)
    wall = Wall(shown, arrangement)
    first = first_of(wall, MOST_ON_A_SHEET)
    works = works_of([entry.film for _section, entry in first])
    cells = cells_of(wall, first)
    size = "w780" if len(cells) <= 30 else "w500" if len(cells) <= 80 else fetching.SIZE
    facts = sheet_facts(owner, arrangement, len(first), in_words(timezone.localdate()))
    poster_of = hung(works, seconds=FETCHING_FOR_A_SHEET, size=size)

    def in_time(number: int, size: Size) -> Image.Image:
        if time.monotonic() > ends_at:
            raise TookTooLong
        return poster_of(number, size)

    canvas = paint_sheet(facts, cells, in_time)
    return as_pdf(canvas), len(first)


def _for_everybody(owner: User) -> EntryQuerySet:
    """What its owner lets everybody see, also on a wall that is not open to all: the sheet is theirs alone."""
    return Entry.objects.of(owner).standing().filter(visibility=Visibility.PUBLIC)
