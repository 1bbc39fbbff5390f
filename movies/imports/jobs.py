"""What a worker does for an import: one turn after another, each going on where the last one ended, whatever ended it."""

import time
from collections.abc import Iterator
from itertools import islice

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from movies.catalog import tmdb
from movies.catalog.claims import claimed
from movies.catalog.facts import take_name
from movies.diary.asking import ask_for_facts_of
from movies.imports import asking_tmdb, incoming, matching, reading
from movies.imports.formats import registry
from movies.imports.formats.rows import FileRefused
from movies.imports.models import Batch, Mention, Row
from movies.imports.saving import save_all
from movies.imports.undoing import undo_changes
from movies.imports.writing import follow_merges, weigh_films, write_films
from mymovie.uploads import StorageAway

LONGEST_TURN = 40  # seconds; a task is killed after sixty
MENTIONS = 1000  # looked for at once
FILMS = 1000  # of which rows are written in one transaction
MOST_ASKED_FOR = 2000  # films whose facts are asked for at once; the others' come with the hours

State = Batch.State
log = structlog.get_logger(__name__)


def advance(batch_id: int) -> bool:
    """Go on with an import for as long as a turn lasts; says whether there is more to do. Safe to repeat, and to be killed
    anywhere. Raises StorageAway, tmdb.TmdbError: then it is to be tried again."""
    ends_at = time.monotonic() + LONGEST_TURN
    with claimed(f"import {batch_id}") as is_ours:
        if not is_ours:
            return False
        while time.monotonic() < ends_at:
            batch = Batch.objects.at_work().select_related("owner").filter(pk=batch_id).first()
            if batch is None:
                return False
            STEPS[State(batch.state)](batch, ends_at)
        return Batch.objects.at_work().filter(pk=batch_id).exists()


def _read(batch: Batch, ends_at: float) -> None:
    try:
        with incoming.brought(batch.stored_as) as file:
            if not batch.format:
                reading.recognise(batch, file)
                if batch.questions:
                    _go_on(batch, State.ASKING, "format", "questions", "answers")
                    return
                batch.save(update_fields=["format", "questions", "answers"])
            if not reading.read_on(batch, file, ends_at=ends_at):
                return
    except FileNotFoundError:
        _fail(batch, "gone")
    except FileRefused as refused:
        _fail(batch, refused.code, refused.about)
    else:
        _go_on(batch, State.MATCHING, total=batch.mentions.count())
    forget_file(batch)


def forget_file(batch: Batch) -> None:
    """Nobody waits, and nothing fails, for a bucket that is away: its own rules end what is left."""
    try:
        incoming.forget(batch.stored_as)
    except StorageAway:
        log.warning("import.file_left", batch=batch.pk)


def _match(batch: Batch, ends_at: float) -> None:
    """First by what we have, a thousand at once; then what only TMDB can tell, film by film, at its pace."""
    language = registry.BY_NAME[batch.format].language or batch.owner.language
    new = batch.mentions.filter(state=Mention.State.NEW).order_by("pk")
    while mentions := list(new[:MENTIONS]):
        matching.match(batch.owner, mentions, language=language)
        save_all(mentions, ["state", "film", "candidates", "reason"])
        _note_progress(batch, len(mentions))
        if time.monotonic() >= ends_at:
            return
    for mention in _pages(batch.mentions.filter(state=Mention.State.ASKING)):
        _ask(mention, language)
        mention.save(update_fields=["state", "film", "candidates", "reason"])
        _note_progress(batch, 1)
        if time.monotonic() >= ends_at:
            return
    _settle_without_film(batch)
    _go_on(batch, State.WEIGHING, total=_films(batch).count())


def _ask(mention: Mention, language: str) -> None:
    """That TMDB fails at one film, after several tries, keeps no other from being asked for. Raises TmdbError where it
    wants to be left alone."""
    try:
        asking_tmdb.ask(mention, language=language)
    except tmdb.Unavailable as failure:
        if isinstance(failure, tmdb.RateLimited) or tmdb.is_left_alone():
            raise
        mention.state, mention.reason = Mention.State.DOUBTFUL, "tmdb_away"


def _pages(mentions: QuerySet[Mention]) -> Iterator[Mention]:
    last = 0
    while page := list(mentions.filter(pk__gt=last).order_by("pk")[:100]):
        yield from page
        last = page[-1].pk


def stop_asking(batch: Batch) -> None:
    """TMDB has been away for too long: who brought the file decides, and the rest goes on."""
    batch.mentions.filter(state=Mention.State.ASKING).update(state=Mention.State.DOUBTFUL, reason="tmdb_away")


def _settle_without_film(batch: Batch) -> None:
    rows = batch.rows.filter(outcome=Row.Outcome.WAITING)
    rows.filter(mention__state=Mention.State.DOUBTFUL).update(outcome=Row.Outcome.DOUBTFUL)
    rows.filter(mention__state=Mention.State.LEFT_OUT).update(outcome=Row.Outcome.REJECTED, reason="left_out")


def _weigh(batch: Batch, ends_at: float) -> None:
    make_films(batch)
    waiting = Mention.objects.filter(rows__outcome=Row.Outcome.WAITING)
    for films in _chunks_of_films(batch, waiting):
        weigh_films(batch, films)
        _note_progress(batch, len(films))
        if time.monotonic() >= ends_at:
            return
    _go_on(batch, State.READY)


def _write(batch: Batch, ends_at: float) -> None:
    make_films(batch)
    rows = batch.rows.filter(is_done=False, said__isnull=False).exclude(outcome=Row.Outcome.REJECTED)
    undone = Mention.objects.filter(pk__in=rows.values("mention"))
    for films in _chunks_of_films(batch, undone):
        write_films(batch, films)
        _note_progress(batch, len(films))
        if time.monotonic() >= ends_at:
            return
    if _go_on(batch, State.DONE):
        ask_for_facts_of(list(_films(batch)[:MOST_ASKED_FOR]))


def _undo(batch: Batch, ends_at: float) -> None:
    standing = batch.changes.filter(undone_at=None).order_by("-pk").values_list("pk", flat=True)
    while changes := list(standing[:FILMS]):
        undo_changes(batch, changes)
        _note_progress(batch, len(changes))
        if time.monotonic() >= ends_at:
            return
    _go_on(batch, State.UNDONE)


STEPS = {
    State.READING: _read,
    State.MATCHING: _match,
    State.WEIGHING: _weigh,
    State.IMPORTING: _write,
    State.UNDOING: _undo,
}


def make_films(batch: Batch) -> None:
    """Those that only TMDB has so far; and what was merged meanwhile leads on."""
    found = batch.mentions.filter(state__in=[Mention.State.SURE, Mention.State.PICKED], film=None)
    for mention in found.order_by("pk"):
        known = mention.candidates[0] if mention.candidates else {}
        if "tmdb_id" not in known:  # the film was forgotten since
            mention.state, mention.reason = Mention.State.DOUBTFUL, "no_such_film"
            told = mention.rows.filter(is_done=False, said__isnull=False).exclude(outcome=Row.Outcome.REJECTED)
            told.update(outcome=Row.Outcome.DOUBTFUL)
        else:
            mention.film = take_name(
                tmdb_id=known["tmdb_id"], title=known["title"], original_title=known.get("original_title", "")
            )
        mention.save(update_fields=["state", "film", "reason"])
    follow_merges(batch)


def _films(batch: Batch) -> QuerySet[Mention, int]:
    """The films that are told of, by id."""
    films = batch.mentions.filter(film__isnull=False).order_by("film_id").values_list("film_id", flat=True)
    told: QuerySet[Mention, int] = films.distinct()
    return told


def _chunks_of_films(batch: Batch, mentions: QuerySet[Mention]) -> Iterator[list[int]]:
    """Looked up once a turn: whoever chooses a film meanwhile has it seen to at once."""
    wanted = iter(list(_films(batch).filter(pk__in=mentions.filter(batch=batch).values("pk"))))
    while films := list(islice(wanted, FILMS)):
        yield films


def _note_progress(batch: Batch, count: int) -> None:
    batch.step_done += count
    batch.progress_at, batch.attempts = timezone.now(), 0
    batch.save(update_fields=["step_done", "progress_at", "attempts"])


def _go_on(batch: Batch, state: Batch.State, *fields: str, total: int = 0) -> bool:
    """Unless somebody has changed its state meanwhile; says whether that was done."""
    now = timezone.now()
    changes = {name: getattr(batch, name) for name in fields}
    ended_at = None if state in Batch.AT_WORK else now
    return bool(
        Batch.objects.filter(pk=batch.pk, state=batch.state).update(
            state=state,
            step_done=0,
            step_total=total,
            step_began_at=now,
            progress_at=now,
            attempts=0,
            ended_at=ended_at,
            **changes,
        )
    )


def _fail(batch: Batch, code: str, about: str = "") -> None:
    batch.error, batch.error_about = code, about[:200]
    _go_on(batch, State.FAILED, "error", "error_about")
