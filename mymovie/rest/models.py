from django.db import models


class Answer(models.Model):
    """What was answered to a request with an Idempotency-Key. `key` is a keyed digest of that and of who asked; the body
    can be read only by whoever has the key."""

    key = models.CharField(max_length=40, primary_key=True)
    asked = models.CharField(max_length=64)
    """A digest of what was asked: another request with the same key is a mistake."""
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
