"""What is done with an import."""

from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from movies.catalog.models import Film
from movies.diary import films
from movies.imports.models import Batch, Mention, Row
from mymovie.uploads import kept_files


class Refusal(Exception):
    pass


class WrongState(Refusal):
    """This cannot be done to an import in its state."""


class NoFile(Refusal):
    """Nothing has arrived where the file is expected."""


def expect_file(*, owner: User, name: str = "") -> Batch:
    return Batch.objects.create(owner=owner, name=name, stored_as=f"imports/{uuid4().hex}")


def upload_form(batch: Batch, *, back_to: str) -> dict[str, Any]:
    """Where and with which fields a browser sends the file straight to S3."""
    options: Any = settings.STORAGES["default"]["OPTIONS"]  # type: ignore[index]
    s3 = boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL or None,
        config=Config(
            signature_version="s3v4", s3={"addressing_style": "virtual" if not settings.AWS_ENDPOINT_URL else "path"}
        ),
    )
    fields = {"success_action_redirect": back_to} if back_to else {"success_action_status": "204"}
    form: dict[str, Any] = s3.generate_presigned_post(
        options["bucket_name"],
        batch.stored_as,
        Fields=fields,
        Conditions=[
            *({name: value} for name, value in fields.items()),
            ["content-length-range", 1, settings.LARGEST_IMPORT],
        ],
        ExpiresIn=3600,
    )
    return form


def _go(batch: Batch, allowed: tuple[str, ...], state: str, **facts: object) -> Batch:
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in allowed:
            raise WrongState(batch.state)
        batch.state = state
        for name, value in facts.items():
            setattr(batch, name, value)
        batch.save()
    return batch


def file_arrived(*, batch: Batch) -> Batch:
    if batch.state != Batch.State.EXPECTED:
        raise WrongState(batch.state)
    with kept_files() as storage:
        if not storage.exists(batch.stored_as):
            raise NoFile
        size = storage.size(batch.stored_as)
    return _go(batch, (Batch.State.EXPECTED,), Batch.State.READING, size=size)


def answer(*, batch: Batch, answers: dict[str, Any]) -> Batch:
    return _go(batch, (Batch.State.ASKING,), Batch.State.READING, answers=batch.answers | answers)


def pick(*, mention: Mention, film: Film) -> Mention:
    mention.film, mention.state = film, Mention.State.PICKED
    mention.save()
    mention.rows.update(outcome=Row.Outcome.NEW)
    return mention


def pick_from_tmdb(*, mention: Mention, tmdb_id: int) -> Mention:
    return pick(mention=mention, film=films.made(films.found(tmdb_id=tmdb_id)))


def leave_out(*, mention: Mention) -> Mention:
    mention.state = Mention.State.LEFT_OUT
    mention.save()
    mention.rows.update(outcome=Row.Outcome.REJECTED, reason="left_out")
    return mention


def import_batch(*, batch: Batch, overwrites: bool = False) -> Batch:
    return _go(batch, (Batch.State.READY, Batch.State.DONE), Batch.State.IMPORTING, overwrites=overwrites)


def undo_import(*, batch: Batch) -> Batch:
    return _go(batch, (Batch.State.DONE,), Batch.State.UNDOING)


def start_again(*, batch: Batch) -> Batch:
    return _go(batch, (Batch.State.FAILED, Batch.State.UNDONE), Batch.State.READING, step_began_at=timezone.now())


def discard(*, batch: Batch) -> None:
    if batch.is_at_work or batch.state == Batch.State.DONE:
        raise WrongState(batch.state)
    batch.delete()
