"""What somebody does with an import. The work itself is queued; one film that they choose is seen to at once."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.diary.asking import ask_for_facts
from movies.diary.films import film_from_tmdb
from movies.diary.models import Audience
from movies.imports import incoming, tasks
from movies.imports.jobs import forget_file
from movies.imports.models import Batch, Mention, Pick, Row
from movies.imports.writing import weigh_films, write_films

State = Batch.State
CAN_BE_PICKED = (State.READY, State.DONE)
MOST_EXPECTED = 20


class ImportsError(Exception):
    pass


class WrongState(ImportsError):
    """That cannot be done with it now."""


class NoFile(ImportsError):
    """Nothing has been put where its file is expected."""


class TooManyImports(ImportsError):
    """So many files are expected or at work already."""


@transaction.atomic
def expect_file(*, owner: User, name: str = "") -> Batch:
    """Raises TooManyImports."""
    User.objects.in_one_order([owner])
    if Batch.objects.of(owner).filter(state__in=[State.EXPECTED, *Batch.AT_WORK]).count() >= MOST_EXPECTED:
        raise TooManyImports
    return Batch.objects.create(owner=owner, name=name[:200], stored_as=incoming.new_key())


def upload_form(batch: Batch, *, back_to: str = "") -> dict[str, Any]:
    """`url` and `fields` of the form by which its file is put into the bucket. Raises WrongState."""
    if batch.state != State.EXPECTED:
        raise WrongState
    return incoming.form_for(batch.stored_as, back_to=back_to)


def file_arrived(*, batch: Batch, name: str = "") -> Batch:
    """Have it read; safe to repeat. `name` is what its owner calls the file. Raises NoFile, StorageAway, WrongState."""
    if batch.state == State.READING:
        return batch
    size = incoming.size_of(batch.stored_as) if batch.state == State.EXPECTED else None
    if size is None and batch.state == State.EXPECTED:
        raise NoFile
    name = batch.name or name[:200]
    return _begin(batch, State.READING, allowed=[State.EXPECTED], name=name, size=size or 0, step_total=size or 0)


def answer(*, batch: Batch, answers: dict[str, Any]) -> Batch:
    """What the file does not say itself. Raises WrongState."""
    return _begin(
        batch,
        State.READING,
        allowed=[State.ASKING],
        answers=batch.answers | answers,
        questions={},
        step_total=batch.size,
    )


def import_batch(*, batch: Batch, overwrites: bool = False, reviews_for: Audience | None = None) -> Batch:
    """Write what the dry run has shown; `reviews_for` as it was, where that is not said. One that is done can be let overrule its owner still, and one that was taken back
    be done again. Raises WrongState."""
    allowed = [State.READY, State.UNDONE, *([State.DONE] if overwrites else [])]
    with transaction.atomic():
        chosen = {"reviews_for": reviews_for} if reviews_for else {}
        begun = _begin(
            batch, State.IMPORTING, allowed=allowed, overwrites=overwrites, step_total=_films(batch), **chosen
        )
        if overwrites:
            batch.rows.filter(Q(outcome=Row.Outcome.KEPT) | Q(entry__isnull=False)).update(is_done=False)
    return begun


def undo_import(*, batch: Batch) -> Batch:
    """Take back what it has written; what its owner has written since stays. Raises WrongState."""
    if batch.state == State.FAILED and not batch.changes.filter(undone_at=None).exists():
        raise WrongState
    changes = batch.changes.filter(undone_at=None).count()
    return _begin(batch, State.UNDOING, allowed=[State.DONE, State.FAILED], step_total=changes)


def start_again(*, batch: Batch) -> Batch:
    """Go on where it was given up. A file that cannot be read stays so. Raises WrongState."""
    if batch.error != "stalled" or batch.error_about not in Batch.AT_WORK:
        raise WrongState
    return _begin(batch, State(batch.error_about), allowed=[State.FAILED])


@transaction.atomic
def discard(*, batch: Batch) -> None:
    """Forget an import that has written nothing. Raises WrongState."""
    now = Batch.objects.select_for_update().get(pk=batch.pk)
    if now.is_at_work or now.changes.filter(undone_at=None).exists():
        raise WrongState
    now.delete()
    if now.state in (State.EXPECTED, State.ASKING):
        transaction.on_commit(lambda: forget_file(now))


@transaction.atomic
def _begin(batch: Batch, state: Batch.State, *, allowed: list[Batch.State], **changes: Any) -> Batch:
    now = Batch.objects.select_for_update().select_related("owner").get(pk=batch.pk)
    if now.state == state:
        return now  # pressed twice
    if now.state not in allowed:
        raise WrongState
    moment = timezone.now()
    begun = {"step_done": 0, "step_began_at": moment, "progress_at": moment, "attempts": 0, "ended_at": None}
    begun |= {"error": "", "error_about": ""}
    for name, value in (begun | changes).items():
        setattr(now, name, value)
    now.state = state
    now.save()
    tasks.queue(now.pk)
    return now


def _films(batch: Batch) -> int:
    return batch.mentions.filter(film__isnull=False).values("film").distinct().count()


def pick(*, mention: Mention, film: Film) -> Mention:
    """`film` is what the file means. It is remembered for other files; what the rows say of it is weighed at once, or
    written, where the import is done. Raises WrongState."""
    return _choose(mention, film.merged_into or film)


def pick_from_tmdb(*, mention: Mention, tmdb_id: int) -> Mention:
    """The same for a film that only TMDB may have. Raises Film.DoesNotExist, tmdb.TmdbError, WrongState."""
    film = Film.objects.select_related("merged_into").filter(tmdb_id=tmdb_id).first()
    if film is None:
        try:
            facts = tmdb.for_pages.film(tmdb_id)
        except tmdb.NotFound as error:
            raise Film.DoesNotExist from error
        if facts.is_adult:
            raise Film.DoesNotExist
        film = film_from_tmdb(facts)
    return pick(mention=mention, film=film)


def leave_out(*, mention: Mention, is_film: bool = True) -> Mention:
    """It is not wanted, or not even a film; other files that name it so leave it out, too. Raises WrongState."""
    return _choose(mention, None, why="left_out" if is_film else "not_a_film")


@transaction.atomic
def _choose(mention: Mention, film: Film | None, *, why: str = "") -> Mention:
    batch = Batch.objects.select_for_update().select_related("owner").get(pk=mention.batch_id)
    if batch.state not in CAN_BE_PICKED:
        raise WrongState
    now = Mention.objects.select_for_update().get(pk=mention.pk)
    if now.rows.filter(is_done=True).exists():  # in another window
        raise WrongState
    now.film, now.state = film, Mention.State.PICKED if film else Mention.State.LEFT_OUT
    now.save(update_fields=["film", "state"])
    batch.progress_at = timezone.now()  # nobody has left it lying
    batch.save(update_fields=["progress_at"])
    Pick.objects.update_or_create(owner=batch.owner, key=now.key, defaults={"film": film})
    rows = now.rows.filter(said__isnull=False)
    if film is None:
        rows.update(outcome=Row.Outcome.REJECTED, reason=why, is_done=False, entry=None)
        return now
    rows.update(outcome=Row.Outcome.WAITING, reason="")
    if batch.state == State.DONE:
        write_films(batch, [film.pk])
        ask_for_facts(film)
    else:
        weigh_films(batch, [film.pk])
    return now
