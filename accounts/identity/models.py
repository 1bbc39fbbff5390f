from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import User


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and change")


class PersonalToken(models.Model):
    """What a script of somebody's shows instead of a sign-in. Of itself only a digest is kept."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=50)
    scope = models.CharField(_("it may"), max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, editable=False)
    """To the hour."""
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="personal_token_named"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="personal_token_scope_known"),
        ]
        indexes = [models.Index(F("owner"), F("id").desc(), name="personal_token_of_owner")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.name}"
