"""What is written to those who wait for a film."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.mail.letters import Letter, write
from accounts.mail.models import Kind, Notice
from accounts.models import User
from movies.catalog.dates import in_words, today_in_japan
from movies.catalog.models import Film
from movies.diary.models import Wish
from movies.releases.reminders import Channel, Event, opening_of

SUBJECTS: dict[tuple[Event, Channel], Promise] = {
    (Event.OPENS, Channel.CINEMA): _("“%(title)s” opens in cinemas in Japan today"),
    (Event.OPENS, Channel.DIGITAL): _("“%(title)s” comes out digitally in Japan today"),
    (Event.SOON, Channel.CINEMA): _("“%(title)s” opens in cinemas in Japan in a week"),
    (Event.SOON, Channel.DIGITAL): _("“%(title)s” comes out digitally in Japan in a week"),
    (Event.DATED, Channel.CINEMA): _("“%(title)s” opens in cinemas in Japan on %(day)s"),
    (Event.DATED, Channel.DIGITAL): _("“%(title)s” comes out digitally in Japan on %(day)s"),
    (Event.MOVED, Channel.CINEMA): _("“%(title)s” now opens in cinemas in Japan on %(day)s"),
    (Event.MOVED, Channel.DIGITAL): _("“%(title)s” now comes out digitally in Japan on %(day)s"),
    (Event.WITHDRAWN, Channel.CINEMA): _("The day on which “%(title)s” opens in Japan is open again"),
    (Event.WITHDRAWN, Channel.DIGITAL): _("The day on which “%(title)s” comes out digitally in Japan is open again"),
}


def compose(notice: Notice) -> Letter | None:
    """None where it is no longer so: the film is no longer wished for, or opens on another day by now."""
    event, channel = Event(notice.about["event"]), Channel(notice.about["channel"])
    day, was = (_day(notice.about.get(name)) for name in ("day", "was"))
    wishes = Wish.objects.filter(owner=notice.recipient_id, pk=notice.about["wish"])
    wish = wishes.select_related("film", "owner").first()
    if wish is None or not getattr(wish, channel.flag) or opening_of(wish.film, channel) != day:
        return None
    if event == Event.SOON and not wish.reminds_a_week_before:
        return None
    if event == Event.OPENS and day != today_in_japan():
        return None
    return reminder(notice, wish.owner, wish.film, event, channel, day=day, was=was)


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


def reminder(
    notice: Notice,
    owner: User,
    film: Film,
    event: Event,
    channel: Channel,
    *,
    day: datetime.date | None,
    was: datetime.date | None = None,
) -> Letter:
    with override(owner.language):
        subject = SUBJECTS[event, channel] % {"title": film.title, "day": in_words(day) if day else ""}
        context = {
            "notice": notice,
            "subject": subject,
            "day": in_words(day) if day else "",
            "was": in_words(was) if was and event in (Event.MOVED, Event.WITHDRAWN) else "",
            "is_open": event == Event.OPENS,
            "film": film,
            "film_url": settings.SITE_URL + film.get_absolute_url(),
            "record_url": settings.SITE_URL + reverse("record", args=[film.pk]),
        }
    return write("reminder", context, language=owner.language, time_zone=owner.time_zone)


def sample_opens(language: str) -> Letter:
    return _sample(language, Event.OPENS, Channel.CINEMA)


def sample_soon(language: str) -> Letter:
    return _sample(language, Event.SOON, Channel.DIGITAL)


def sample_dated(language: str) -> Letter:
    return _sample(language, Event.DATED, Channel.CINEMA)


def sample_moved(language: str) -> Letter:
    return _sample(language, Event.MOVED, Channel.CINEMA)


def sample_withdrawn(language: str) -> Letter:
    return _sample(language, Event.WITHDRAWN, Channel.DIGITAL)


def _sample(language: str, event: Event, channel: Channel) -> Letter:
    film = Film(pk=1, title_ja="時の庭", title_en="A Garden of Time", original_title="時の庭", original_language="ja")
    notice = Notice(kind=Kind.REMINDER, recipient_id=0)
    owner = User(handle="hanako", display_name="花子", language=language)
    day, was = today_in_japan(), today_in_japan() - datetime.timedelta(days=7)
    return reminder(notice, owner, film, event, channel, day=None if event == Event.WITHDRAWN else day, was=was)
