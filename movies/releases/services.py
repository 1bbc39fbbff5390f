from django.db.models import F

from accounts.models import User
from movies.releases.models import CalendarFeed


def make_address(*, owner: User) -> CalendarFeed:
    """An address for `owner`'s calendar; asked twice, the same."""
    feed, _is_new = CalendarFeed.objects.get_or_create(owner=owner)
    return feed


def renew_address(*, owner: User) -> None:
    """Another one, if there was one: that ends at once."""
    CalendarFeed.objects.filter(owner=owner).update(edition=F("edition") + 1)


def end_address(*, owner: User) -> None:
    """For good: a feed that is made later has another key, and so another address."""
    CalendarFeed.objects.filter(owner=owner).delete()
