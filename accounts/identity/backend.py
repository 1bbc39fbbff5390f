from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from mymovie.prepared import Prepared

SOMEONES_ID = -7_919  # stands in for another

active_person = Prepared(lambda: User.objects.filter(pk=SOMEONES_ID, is_active=True), pk=SOMEONES_ID)
_read: ContextVar[User | None] = ContextVar("read", default=None)


@contextmanager
def having_read(person: User | None) -> Iterator[None]:
    """They are active, and were read in this very request: Django does not ask for them once more."""
    read = _read.set(person)
    try:
        yield
    finally:
        _read.reset(read)


class OidcBackend(BaseBackend):
    """Keeps a session's person; the sign-in itself happens at the provider. A deactivated one is out at once."""

    def get_user(self, user_id: int) -> User | None:
        read = _read.get()
        if read and read.pk == user_id:
            return read
        for user in active_person.models(pk=user_id):
            return user
        return None
