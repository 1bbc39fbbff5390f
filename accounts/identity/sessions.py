"""A session, and whoever has signed in with it."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.identity.backend import active_person
from accounts.models import User
from mymovie.prepared import Joined, Prepared, updating

LONGEST_KEY = 40
SOME_KEY, SOME_DATA = "a key", "what is kept"  # stand in for others, as the next two do
NOW, THEN = (datetime.datetime(1, 1, day, tzinfo=datetime.UTC) for day in (1, 2))

_kept = Prepared(
    lambda: Session.objects.filter(session_key=SOME_KEY, expire_date__gt=NOW).values_list(
        "session_data", "expire_date"
    ),
    session_key=SOME_KEY,
    now=NOW,
)
_saved = Prepared(
    lambda: updating(Session.objects.filter(session_key=SOME_KEY), session_data=SOME_DATA, expire_date=THEN),
    session_key=SOME_KEY,
    session_data=SOME_DATA,
    expire_date=THEN,
)
_kept_with_person = Joined(
    "SELECT kept.session_data, kept.expire_date, person.* FROM kept LEFT JOIN person ON TRUE",
    kept=_kept,
    person=active_person,
)


@dataclass
class Met:
    """Whose session it was when this process met it last."""

    person_id: int = 0


@lru_cache(maxsize=10_000)
def _met(_session_key: str) -> Met:
    return Met()


class SessionStore(db.SessionStore):
    """Django's, by statements that are written once: every page of somebody who has signed in begins with one."""

    person: User | None = None
    """Who was read along with the session. Whether it is theirs is for the session to say."""
    ends_at: datetime.datetime | None = None

    def _validate_session_key(self, key: Any) -> bool:
        """A key that we never gave out is nobody's: it may hold what PostgreSQL refuses to compare, or more than we want to
        remember."""
        return super()._validate_session_key(key) and key.isalnum() and len(key) <= LONGEST_KEY  # type: ignore[misc]  # not in the stubs

    def load(self) -> dict[str, Any]:
        met = _met(self.session_key)
        values = {"session_key": self.session_key, "now": timezone.now(), "pk": met.person_id}
        for data, self.ends_at, *columns in _kept_with_person.rows(**values):
            said: dict[str, Any] = self.decode(data)
            met.person_id = int(said.get(SESSION_KEY, 0))
            if columns[0]:
                [self.person] = active_person.read([tuple(columns)])
            return said
        self._session_key = None
        return {}

    def prolong(self) -> None:
        """Its days begin anew, once a day; not where it was said when it ends."""
        full = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if self.ends_at and self.ends_at < timezone.now() + full - datetime.timedelta(days=1):
            self.modified = self.modified or "_session_expiry" not in self

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
        else:
            data = self.encode(self._get_session())  # type: ignore[attr-defined]  # not in the stubs
            if not _saved.change(session_key=self.session_key, session_data=data, expire_date=self.get_expiry_date()):
                raise UpdateError
        _met(self.session_key).person_id = int(self.get(SESSION_KEY, 0))
