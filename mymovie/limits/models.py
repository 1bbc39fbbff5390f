from django.db import models


class Count(models.Model):
    """How often somebody did something within one span of time. `who` is a keyed digest: no address is stored.

    Unlogged: a crash of the database forgets it, and that is as much as it is worth.
    """

    key = models.CharField(max_length=40, primary_key=True)
    n = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.n}"
