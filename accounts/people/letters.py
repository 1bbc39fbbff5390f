"""What people are told of others by mail. Written when it is sent, so that it is still true: None where it is not."""

import datetime

from django.utils import timezone

from accounts.mail.letters import Letter, write
from accounts.mail.models import Kind, Notice
from accounts.people.models import Follow, User

MOST_NAMED = 10


def request(notice: Notice) -> Letter | None:
    person = notice.recipient
    if person is None:
        return None
    asks = Follow.objects.filter(followee=person, accepted_at=None).values("follower")
    asker = User.objects.known_to(person).filter(pk=notice.about["follower"], pk__in=asks).first()
    return _request(notice, person, asker) if asker else None


def followers(notice: Notice) -> Letter | None:
    person = notice.recipient
    if person is None:
        return None
    since, until = (datetime.datetime.fromisoformat(notice.about[moment]) for moment in ("since", "until"))
    muted = Follow.objects.filter(follower=person, is_muted=True).values("followee")
    new = (
        Follow.objects.filter(followee=person, accepted_at__gt=since, accepted_at__lte=until)
        .filter(follower__in=User.objects.known_to(person))
        .exclude(follower__in=muted)
    )
    named = [follow.follower for follow in new.select_related("follower").order_by("-accepted_at", "-pk")[:MOST_NAMED]]
    return _followers(notice, person, named, new.count()) if named else None


def sample_request(language: str) -> Letter:
    return _request(Notice(kind=Kind.REQUEST, recipient_id=0), _somebody(language), _sample_people()[0])


def sample_followers(language: str) -> Letter:
    people = _sample_people()
    return _followers(Notice(kind=Kind.FOLLOWERS, recipient_id=0), _somebody(language), people, len(people) + 12)


def _request(notice: Notice, person: User, asker: User) -> Letter:
    words = {"notice": notice, "person": person, "asker": asker}
    return write("request", words, language=person.language, time_zone=person.time_zone)


def _followers(notice: Notice, person: User, named: list[User], count: int) -> Letter:
    words = {"notice": notice, "person": person, "named": named, "count": count, "more": count - len(named)}
    return write("followers", words, language=person.language, time_zone=person.time_zone)


def _somebody(language: str) -> User:
    return User(handle="hanako", display_name="花子", language=language, joined_at=timezone.now())


def _sample_people() -> list[User]:
    return [User(handle="taro", display_name="太郎"), User(handle="jane_doe", display_name="Jane <Doe> & Sons")]
