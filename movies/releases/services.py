from accounts.models import User
from movies.releases.models import CalendarFeed, new_edition


def make_calendar(*, owner: User) -> CalendarFeed:
    """The address under which their calendar is read; asked twice, the same."""
    feed, _is_new = CalendarFeed.objects.get_or_create(owner=owner)
    return feed


def renew_calendar(*, owner: User) -> None:
    """Another address; whoever has the old one reads nothing any more, from now on."""
    CalendarFeed.objects.filter(owner=owner).update(edition=new_edition())


def end_calendar(*, owner: User) -> None:
    CalendarFeed.objects.filter(owner=owner).delete()
