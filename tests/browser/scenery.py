"""Films and walls for the browser to look at."""

import datetime

from django.utils import timezone

from accounts.models import User
from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film, ReleaseDate, WatchOffer, WatchProvider
from movies.catalog.titles import search_text_of
from movies.diary.models import Entry
from movies.imports.models import Batch
from tests.factories import (
    BatchFactory,
    CreditFactory,
    EntryFactory,
    FilmFactory,
    GenreFactory,
    MentionFactory,
    RowFactory,
    ViewingFactory,
)


def searchable(title_ja: str, title_en: str = "", *, reading: str = "", **facts: object) -> Film:
    return FilmFactory(
        original_title=title_ja,
        title_ja=title_ja,
        title_en=title_en,
        title_kana=reading,
        search_text=search_text_of(title_ja, title_ja, title_en, reading=reading),
        **facts,
    )


def spirited_away() -> Film:
    """Released in the world and in Japan on one day."""
    day = datetime.date(2001, 7, 20)
    return searchable(
        "千と千尋の神隠し",
        "Spirited Away",
        reading="せんとちひろのかみかくし",
        world_on=day,
        world_precision="day",
        japan_on=day,
        japan_precision="day",
        poster_path="/39wmItIWsg5sZMyRUHLkWBcuVCM.jpg",
    )


def film_with_everything() -> Film:
    """All facts that a film page shows, scored by more people than fit on one page."""
    film = FilmFactory(
        original_title="Blade Runner",
        title_ja="ブレードランナー",
        title_en="Blade Runner",
        overview_ja="2019年のロサンゼルス。",
        overview_en="Los Angeles, 2019.",
        runtime=117,
        poster_path="/poster.jpg",
        world_on=datetime.date(1982, 6, 25),
        world_precision="day",
        japan_on=datetime.date(1982, 7, 10),
        japan_precision="day",
        digital_on=datetime.date(2010, 4, 21),
        watch_link="https://www.themoviedb.org/movie/78-blade-runner/watch?locale=JP",
        facts_fetched_at=timezone.now(),
        dropped_at=timezone.now(),
    )
    offer_everywhere(film)
    film.genres.add(GenreFactory())
    CreditFactory(film=film, person__name="Ridley Scott", person__name_ja="リドリー・スコット")
    CreditFactory(film=film, job="cast", person__name="Harrison Ford", character="Rick Deckard")
    for number in range(14):
        CreditFactory(film=film, job="cast", person__name=f"Actor {number}", character="Replicant", position=number + 1)
    for country, kind in (("US", 3), ("JP", 3), ("JP", 4), ("FR", 1)):
        ReleaseDate.objects.create(film=film, country=country, kind=kind, released_on=film.world_on, note="IMAX")
    for score in range(0, 100, 4):
        EntryFactory(film=film, score=score)
    return film


def coming(days: int, **facts: object) -> Film:
    """A film that opens in cinemas in Japan in so many days, or did so long ago."""
    day = today_in_japan() + datetime.timedelta(days=days)
    return FilmFactory(**{"title_ja": f"{days}日後の映画", "japan_on": day, "japan_precision": "day"} | facts)


def offer_everywhere(film: Film) -> None:
    """By two providers, in every way."""
    providers = [
        WatchProvider.objects.create(id=84, name="U-NEXT", logo_path="/u-next.jpg"),
        WatchProvider.objects.create(id=10, name="Amazonプライム・ビデオ"),
    ]
    kinds = [(provider, kind) for kind in WatchOffer.Kind for provider in providers]
    for position, (provider, kind) in enumerate(kinds):
        WatchOffer.objects.create(film=film, provider=provider, kind=kind, position=position)


def wall_of(owner: User, count: int) -> list[Entry]:
    """Two a year back from 2024, each with its own score and day, some with a poster of TMDB's; the last without a date."""
    return [
        EntryFactory(
            owner=owner,
            film=FilmFactory(
                title_ja=f"映画 {number}",
                original_title=f"Film {number}",
                poster_path="/poster.jpg" if number % 3 == 0 else "",
                **released(number, count),
            ),
            score=None if number % 10 == 9 else number % 101,
            watched_on=None if number % 7 == 6 else datetime.date(2024, 12, 28) - datetime.timedelta(weeks=number),
            recorded_at=timezone.now() - datetime.timedelta(days=9 * number),
        )
        for number in range(count)
    ]


def numbered(owner: User, count: int) -> list[Entry]:
    """A wall of which there is something to say in every chart."""
    entries = wall_of(owner, count)
    for number, entry in enumerate(entries):
        entry.film.country, entry.film.runtime = ("JP", "US", "FR")[number % 3], 90 + number
        entry.film.save()
        entry.film.genres.add(GenreFactory())
        CreditFactory(film=entry.film, person__name=f"Director {number % 7}")
        if entry.watched_on:
            for _ in range(1 + number % 3):
                ViewingFactory(entry=entry, watched_on=entry.watched_on)
    return entries


def released(number: int, count: int) -> dict[str, object]:
    if number == count - 1:
        return {}
    day = datetime.date(2024 - number // 2, 7 - number % 2, 1)
    return {"world_on": day, "world_precision": "day", "japan_on": day, "japan_precision": "day"}


def table_that_nobody_knows() -> dict[str, object]:
    """What is asked of a table of somebody's own."""
    titles = ("千と千尋の神隠し", "七人の侍", "東京物語", "Paris, Texas", "乱")
    days = ("03/04/2024", "05/06/2023", "", "11/12/2022", "01/02/2021")
    rows = [
        {
            "邦題": title,
            "観た日": day,
            "評価": f"{number + 0.5}",
            "どこで": "早稲田松竹",
            "感想": "また観たい。" * number,
        }
        for number, (title, day) in enumerate(zip(titles, days, strict=True))
    ]
    return {"columns": list(rows[0]), "preview": rows}


def import_of(owner: User, state: Batch.State, **facts: object) -> Batch:
    """Of a file whose rows come to everything that rows can come to, two of its films in doubt."""
    batch: Batch = BatchFactory(owner=owner, state=state, name="letterboxd-hanako.zip", format="letterboxd", **facts)
    titles = ("千と千尋の神隠し", "七人の侍", "東京物語", "Paris, Texas", "乱", "生きる")
    for number, title in enumerate(titles * 4):
        said = {"watched_on": "2024-05-01", "score": 70} if number % 3 else {"score": 95}
        mention = MentionFactory(batch=batch, state="sure", named={"title": title, "year": 1950 + number})
        outcome = ("new", "new", "changed", "same", "kept")[number % 5]
        RowFactory(batch=batch, mention=mention, file="diary.csv", line=number + 2, outcome=outcome, said=said)
    RowFactory(
        batch=batch,
        file="ratings.csv",
        line=31,
        outcome="rejected",
        reason="not_a_score",
        about="5",
        column="Rating",
        value="★★★★★★",
    )
    for title in ("Little Women", "Suspiria"):
        candidates = [{"film": film_named(title, year).pk} for year in (1933, 1949, 1994)]
        candidates.append({"tmdb_id": 331482, "title": title, "year": 2019, "poster_path": "/poster.jpg"})
        named = {"title": title, "original_title": "", "year": 2019, "directors": ["Greta Gerwig"]}
        mention = MentionFactory(batch=batch, state="doubtful", named=named, candidates=candidates)
        raw = {"Date": "2020-06-13", "Name": title, "Year": "2019", "Rating": "4.5", "Review": "何度でも。"}
        RowFactory(batch=batch, mention=mention, file="diary.csv", line=40, outcome="doubtful", raw=raw)
    return batch


def film_named(title: str, year: int) -> Film:
    return searchable(title, title, world_on=datetime.date(year, 1, 1), world_precision="year")
