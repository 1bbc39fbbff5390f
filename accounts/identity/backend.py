from django.contrib.auth.backends import BaseBackend

from accounts.models import User


class OidcBackend(BaseBackend):
    """Keeps a session's person; the sign-in itself happens at the provider. A deactivated one is out at once."""

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
