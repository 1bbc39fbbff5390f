import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from mymovie.prepared import Prepared, updating

SOME_KEY, SOME_DATA = "a key", "what is kept"  # stand in for others, as the next two do
NOW, THEN = (datetime.datetime(1, 1, day, tzinfo=datetime.UTC) for day in (1, 2))

_session = Prepared(
    lambda: Session.objects.filter(session_key=SOME_KEY, expire_date__gt=NOW), session_key=SOME_KEY, now=NOW
)
_saved = Prepared(
    lambda: updating(Session.objects.filter(session_key=SOME_KEY), session_data=SOME_DATA, expire_date=THEN),
    session_key=SOME_KEY,
    session_data=SOME_DATA,
    expire_date=THEN,
)


class SessionStore(db.SessionStore):
    """Django's, by statements that are written once: every page of somebody who has signed in begins with one."""

    def _validate_session_key(self, key: Any) -> bool:
        """A key that we never gave out is nobody's: it may hold what PostgreSQL refuses to compare."""
        return super()._validate_session_key(key) and key.isalnum()  # type: ignore[misc]  # not in the stubs

    def _get_session_from_db(self) -> Session | None:
        for session in _session.models(session_key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        session = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]  # not in the stubs
        values = {name: getattr(session, name) for name in ("session_key", "session_data", "expire_date")}
        if not _saved.change(**values):
            raise UpdateError
