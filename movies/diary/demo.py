"""People who do not exist, with diaries that could: something to look at before the first film is recorded."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Visibility
from accounts.people.services import following
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing, wall_keys
from movies.diary.services import wall_shows_anew
from mymovie.folding import search_text

DRAMA, ANIMATION, FANTASY, ROMANCE, FAMILY, MUSIC = 18, 16, 14, 10749, 10751, 10402
ACTION, ADVENTURE, SCIENCE_FICTION, CRIME, THRILLER, HORROR, MYSTERY, WAR = 28, 12, 878, 80, 53, 27, 9648, 10752


@dataclass(frozen=True)
class Taste:
    """How much more often than another film one of these is seen, and how much better it is liked."""

    genres: Mapping[int, float]
    decades: Mapping[int, float]
    countries: Mapping[str, float]

    def of(self, film: Film, genres: set[int]) -> float:
        liked = [self.genres[genre] for genre in genres if genre in self.genres]
        decade = (film.year or 0) // 10 * 10
        return max(liked, default=1) * self.decades.get(decade, 1) * self.countries.get(film.country, 1)


@dataclass(frozen=True)
class Character:
    handle: str
    display_name: str
    wall_visibility: Visibility
    films: int
    joined_years_ago: int
    taste: Taste
    bio: str = ""
    follows: tuple[str, ...] = ()


CHARACTERS = [
    Character(
        "hanako",
        "花子",
        Visibility.PUBLIC,
        films=340,
        joined_years_ago=6,
        taste=Taste(
            genres={ANIMATION: 5, DRAMA: 2, ROMANCE: 3, FANTASY: 2, FAMILY: 2, MUSIC: 3},
            decades={1950: 1.5, 1990: 1.5, 2000: 2, 2010: 3, 2020: 5},
            countries={"JP": 4, "FR": 3, "IT": 2},
        ),
        bio="週末は名画座にいます。アニメーションと、フランスの恋愛映画。",
        follows=("taro",),
    ),
    Character(
        "taro",
        "太郎",
        Visibility.PUBLIC,
        films=120,
        joined_years_ago=3,
        taste=Taste(
            genres={SCIENCE_FICTION: 6, ACTION: 4, ADVENTURE: 3, CRIME: 3, THRILLER: 2},
            decades={1970: 2, 1980: 4, 1990: 4},
            countries={"US": 2, "JP": 1.5, "GB": 1.5},
        ),
        bio="SF and thrillers, on the largest screen there is.",
        follows=("hanako",),
    ),
    Character(
        "himitsu",
        "秘密",
        Visibility.PRIVATE,
        films=40,
        joined_years_ago=1,
        taste=Taste(
            genres={HORROR: 8, MYSTERY: 5, THRILLER: 3, WAR: 2},
            decades={1960: 3, 1970: 3, 2000: 2},
            countries={"JP": 2},
        ),
        follows=("hanako", "taro"),
    ),
]


@transaction.atomic
def make(subjects: Mapping[str, str]) -> list[User]:
    """The characters who are not here yet, known to the sign-in provider by `subjects`; the others are left alone."""
    here = set(User.objects.filter(handle__in=subjects).values_list("handle", flat=True))
    new = [character for character in CHARACTERS if character.handle in subjects and character.handle not in here]
    if not new:
        return []
    films = list(Film.objects.exclude(imdb_id=None).prefetch_related("genres").order_by("imdb_id"))
    people = []
    for character in new:
        person = User.objects.create(
            issuer=settings.OIDC_ISSUER,
            subject=subjects[character.handle],
            handle=character.handle,
            display_name=character.display_name,
            bio=character.bio,
            search_text=search_text(character.handle, character.display_name),
            wall_visibility=character.wall_visibility,
        )
        _write_diary(person, character, films)
        wall_shows_anew(owner_id=person.pk, is_public=True)
        people.append(person)
    for person, character in zip(people, new, strict=True):
        for followee in User.objects.filter(handle__in=character.follows):
            following.follow(follower=person, followee=followee)
    return people


def _write_diary(owner: User, character: Character, films: list[Film]) -> None:
    chance = Random(character.handle)  # noqa: S311  # the same diary every time
    liking = {film: character.taste.of(film, {genre.pk for genre in film.genres.all()}) for film in films}
    seen = sorted(films, key=lambda film: chance.random() ** (1 / (liking[film] * (1 + film.fame))), reverse=True)
    calendar = _Calendar(chance, joined_years_ago=character.joined_years_ago)
    entries, viewings = [], []
    for film in seen[: character.films]:
        days = calendar.days_seen(film)
        entry = Entry(
            owner=owner,
            film=film,
            score=_score(chance, liking[film]),
            visibility=chance.choices(Visibility.values, weights=[95, 3, 2])[0],
            recorded_at=calendar.recorded_at(days),
            watched_on=max(days, default=None),
            **wall_keys(film),
        )
        entries.append(entry)
        viewings += [Viewing(entry=entry, watched_on=day) for day in days]
    Entry.objects.bulk_create(entries)
    Viewing.objects.bulk_create(viewings)


def _score(chance: Random, liking: float) -> int | None:
    """Most films that people choose to see they like; few of them leave nobody any words."""
    luck = chance.random()
    if luck < 0.08:
        return None
    if luck < 0.1:
        return 100
    if luck < 0.105:
        return 0
    score = round(chance.gauss(66 + min(liking, 12), 11))
    return min(max(score if chance.random() < 0.3 else round(score / 5) * 5, 40), 95)


class _Calendar:
    """When films are seen, more at weekends, and recorded: what was seen before joining, in the first weeks after."""

    def __init__(self, chance: Random, *, joined_years_ago: int) -> None:
        self.chance = chance
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.joined_on = self.today - datetime.timedelta(days=365 * joined_years_ago)
        self.first_on = self.joined_on - datetime.timedelta(days=365 * 4)

    def days_seen(self, film: Film) -> list[datetime.date]:
        """In order; none where nobody remembers."""
        if self.chance.random() < 0.08:
            return []
        released_on = max(filter(None, [film.world_on, film.japan_on]), default=self.first_on)
        days = {self._day_since(max(released_on, self.first_on))}
        while self.chance.random() < 0.08:
            days.add(self._day_since(max(days)))
        return sorted(days)

    def recorded_at(self, days: list[datetime.date]) -> datetime.datetime:
        seen_on = min(days, default=self.first_on)
        if seen_on < self.joined_on:
            recorded_on = self.joined_on + datetime.timedelta(days=self.chance.choice([0, 0, 0, 1, 6, 7, 20]))
        else:
            recorded_on = seen_on + datetime.timedelta(days=self.chance.choice([0, 0, 0, 0, 1, 1, 2, 5]))
        evening = datetime.time(self.chance.randint(19, 23), self.chance.randint(0, 59), self.chance.randint(0, 59))
        return min(timezone.make_aware(datetime.datetime.combine(recorded_on, evening)), self.now)

    def _day_since(self, earliest_on: datetime.date) -> datetime.date:
        day = earliest_on + datetime.timedelta(days=self.chance.randint(0, max((self.today - earliest_on).days, 0)))
        if day.weekday() < 5 and self.chance.random() < 0.6:
            day += datetime.timedelta(days=self.chance.choice([5, 6]) - day.weekday())
        return min(day, self.today)
