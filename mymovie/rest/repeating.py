"""A request that is sent twice, as its answer was lost, is done once. The answer is kept in the transaction of what it tells:
a server that dies in between has done nothing, and holds nothing up."""

import base64
import contextlib
import datetime
import hashlib
import re
from collections.abc import Callable, Iterator

from cryptography.fernet import Fernet
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable
from rest_framework.request import Request
from rest_framework.response import Response

from mymovie.limits.services import whoever_asks
from mymovie.rest.conditional import tag_of
from mymovie.rest.formats import written
from mymovie.rest.models import Answer
from mymovie.rest.problems import BadRequestProblem, KeyReused, StillRunning

KEPT_FOR = datetime.timedelta(hours=24)
PATIENCE = "5s"  # for the same request that is being worked on at this moment

TAKE = """
    INSERT INTO rest_answer AS kept (key, asked, status, headers, body, ends_at) VALUES (%s, %s, 0, '{}', '', %s)
    ON CONFLICT (key) DO UPDATE SET asked = excluded.asked, ends_at = excluded.ends_at WHERE kept.ends_at < now()
    RETURNING key
"""

Keep = Callable[[Response], Response]


class AnsweredBefore(Exception):
    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


@contextlib.contextmanager
def once(request: Request) -> Iterator[Keep]:
    """One transaction; what it is given to keep answers whoever sends the same again. Check what was sent, and ask whom is
    to be asked over the network, before. Raises AnsweredBefore, and the problems of a key."""
    sent = request.headers.get("Idempotency-Key")
    with transaction.atomic():
        if sent is None:
            yield lambda answer: answer
            return
        key = _digest(request, sent)
        if not _take(key, _asked(request)):
            kept = _kept(request, sent)
            raise AnsweredBefore(kept) if kept else StillRunning(headers={"Retry-After": "1"})
        yield lambda answer: _keep(key, sent, answer)


def answered_before(request: Request) -> HttpResponse | None:
    """Before anything is checked: what was right then may be wrong by now."""
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", sent):
        raise BadRequestProblem(_("An Idempotency-Key is 1 to 255 visible ASCII characters."))
    return _kept(request, sent)


def _kept(request: Request, sent: str) -> HttpResponse | None:
    kept = Answer.objects.filter(pk=_digest(request, sent), ends_at__gt=timezone.now()).first()
    if kept is None:
        return None
    if kept.asked != _asked(request):
        raise KeyReused
    body = _seal(sent).decrypt(bytes(kept.body))
    return HttpResponse(body, status=kept.status, headers=kept.headers | {"Idempotency-Replayed": "true"})


def _take(key: str, asked: str) -> bool:
    """Whether it is ours; waits for whoever has it to be done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            cursor.execute(TAKE, [key, asked, timezone.now() + KEPT_FOR])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise StillRunning(headers={"Retry-After": "1"}) from error
            raise
        is_ours = cursor.fetchone() is not None
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    return is_ours


def _keep(key: str, sent: str, answer: Response) -> Response:
    body = b"" if answer.data is None else written(answer.data)
    headers = dict(answer.headers) | ({"Content-Type": "application/json"} if body else {})
    if version := getattr(answer, "version", ""):
        headers["ETag"] = tag_of(body, version)
    Answer.objects.filter(pk=key).update(status=answer.status_code, headers=headers, body=_seal(sent).encrypt(body))
    return answer


def _digest(request: Request, sent: str) -> str:
    asker = getattr(request.auth, "asker", "") or whoever_asks(request._request)
    return salted_hmac("mymovie.rest.key", f"{asker} {sent}", algorithm="sha256").hexdigest()[:40]


def _asked(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()} ".encode() + request._request.body
    return hashlib.sha256(asked).hexdigest()


def _seal(sent: str) -> Fernet:
    secret = salted_hmac("mymovie.rest.answer", sent, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(secret))
