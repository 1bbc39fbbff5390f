from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from mymovie.prepared import Prepared

SOMEONES_ID = -7_919  # stands in for another

_active = Prepared(lambda: User.objects.filter(pk=SOMEONES_ID, is_active=True), pk=SOMEONES_ID)


class OidcBackend(BaseBackend):
    """Keeps a session's person; the sign-in itself happens at the provider. A deactivated one is out at once."""

    def get_user(self, user_id: int) -> User | None:
        for user in _active.models(pk=user_id):
            return user
        return None
