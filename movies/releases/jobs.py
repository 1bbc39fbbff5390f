import datetime

from accounts.mail.delivery import deliver
from accounts.mail.letters import Letter
from accounts.mail.models import Notice
from movies.catalog.dates import today_in_japan
from movies.diary.models import Wish
from movies.releases import letters
from movies.releases.reminders import Channel, Event, opening_of


def send_reminder(notice_id: int) -> None:
    deliver(notice_id, _compose)


def _compose(notice: Notice) -> Letter | None:
    """None where it is no longer so: the film is no longer wished for, or opens on another day by now."""
    event, channel = Event(notice.about["event"]), Channel(notice.about["channel"])
    day = _day(notice.about["day"])
    wish = (
        Wish.objects.filter(owner=notice.recipient_id, film=notice.about["film"])
        .select_related("film", "owner")
        .first()
    )
    if wish is None or not getattr(wish, channel.flag) or opening_of(wish.film, channel) != day:
        return None
    if event == Event.SOON and not wish.reminds_a_week_before:
        return None
    if event == Event.OPENS and day != today_in_japan():
        return None
    return letters.reminder(notice, wish.owner, wish.film, event, channel, day=day, was=_day(notice.about.get("was")))


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None
