from django.utils import timezone

from movies.diary.models import Entry


def purge_deleted() -> int:
    """End what was deleted too long ago to be undone, with all that hangs on it; says how many."""
    beyond_undo = Entry.objects.beyond_undo(timezone.now())
    count = beyond_undo.count()
    beyond_undo.delete()
    return count
