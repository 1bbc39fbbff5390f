from django.db.models import F

from accounts.models import User
from movies.releases.models import CalendarFeed


def make_address(*, owner: User) -> CalendarFeed:
    """An address for `owner`'s calendar; one that they had before ends."""
    feed, is_new = CalendarFeed.objects.get_or_create(owner=owner)
    if not is_new:
        CalendarFeed.objects.filter(pk=feed.pk).update(edition=F("edition") + 1)
        feed.refresh_from_db()
    return feed


def end_address(*, owner: User) -> None:
    """For good: a feed that is made later has another key, and so another address."""
    CalendarFeed.objects.filter(owner=owner).delete()
