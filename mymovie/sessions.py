import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from mymovie.prepared import Prepared, updating

SOME_KEY, SOME_DATA = "a key", "what is kept"  # stand in for others, as the next two do
NOW, THEN = (datetime.datetime(1, 1, day, tzinfo=datetime.UTC) for day in (1, 2))

_kept = Prepared(
    lambda: Session.objects.filter(session_key=SOME_KEY, expire_date__gt=NOW).values_list("session_data"),
    session_key=SOME_KEY,
    now=NOW,
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

    def load(self) -> dict[str, Any]:
        for [data] in _kept.rows(session_key=self.session_key, now=timezone.now()):
            return self.decode(data)
        self._session_key = None
        return {}

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        data = self.encode(self._get_session())  # type: ignore[attr-defined]  # not in the stubs
        if not _saved.change(session_key=self.session_key, session_data=data, expire_date=self.get_expiry_date()):
            raise UpdateError
