"""Which film a shared link or text points at, read from its own words: no page of others is ever asked."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from mymovie.unseen import without_unseen

LONGEST = 2000  # characters of each text that are read
LONGEST_TITLE = 200
YEARS = range(1888, 2101)
LARGEST_TMDB_ID = 2**31 - 1

LINK = re.compile(r"https?://[^\s<>\"'「」『』（）]+", re.I)
YEAR = r"[(（]\s*((?:18|19|20)\d\d)(?:年[^)）]{0,8})?\s*[)）]"
QUOTED = (re.compile(r"『([^』]+)』"), re.compile(r"「([^」]+)」"))
DATED = re.compile(rf"^(.*?)\s*{YEAR}")
# What stands before a title in what apps share: a list's "review of", stars, invisible marks.
LEADING = re.compile(r"^(?:.*\b(?:review of|review for|check out|watched|watching)\s+|[\s★☆½⭐•・:：-]+)+", re.I)
# What stands behind it in the titles of their pages.
TRAILING = re.compile(
    r"\s*(?:\s[—–|•‣·]\s|\s-\s(?=映画|IMDb|Letterboxd|Filmarks|JustWatch|Wikipedia)|⭐|#|\bon Letterboxd\b).*$"
)
KIND = re.compile(r"\s*[(（](?:(?:18|19|20)\d\d年の)?(?:映画|アニメ映画|(?:\d{4} )?film|movie)[)）]$", re.I)


@dataclass(frozen=True)
class Pointer:
    """Ids where a link holds any, and the words by which the film can be looked for. Anybody may have written it."""

    film_id: int | None = None
    """Of ours."""
    tmdb_id: int | None = None
    imdb_id: str = ""
    wikidata_id: str = ""
    title: str = ""
    year: int | None = None


def read(*texts: str, site: str = "") -> Pointer:
    """What `texts` say together, the first that says it; `site` is the host of our own addresses."""
    cleaned = [clean(text) for text in texts]
    named = Pointer()
    for link in (found for text in cleaned for found in LINK.findall(text)):
        named = merged(named, of_link(link, site))
    spoken = [words for text in cleaned if (words := LINK.sub(" ", text).strip())]
    title, year = said(spoken)
    return replace(named, title=(title or named.title)[:LONGEST_TITLE].strip(), year=year)


def holds_link(text: str) -> bool:
    return LINK.search(text[:LONGEST]) is not None


def clean(text: str) -> str:
    """On one line, and without what cannot be seen."""
    return " ".join(without_unseen(text[:LONGEST]).split())


def merged(first: Pointer, second: Pointer) -> Pointer:
    return Pointer(
        first.film_id or second.film_id,
        first.tmdb_id or second.tmdb_id,
        first.imdb_id or second.imdb_id,
        first.wikidata_id or second.wikidata_id,
        first.title or second.title,
    )


def said(spoken: list[str]) -> tuple[str, int | None]:
    """A title in Japanese quotes is the surest, then one with its year behind it, then what is left of the words."""
    for quotes in QUOTED:
        for text in spoken:
            if quoted := quotes.search(text):
                return quoted[1].strip(), year_in(text)
    for text in spoken:
        dated = DATED.search(text)
        if dated and (title := bare(dated[1])):
            return title, year_in(text)
    return next((title for text in spoken if (title := bare(text))), ""), None


def bare(text: str) -> str:
    return TRAILING.sub("", LEADING.sub("", text)).strip()


def year_in(text: str) -> int | None:
    found = re.search(YEAR, text)
    return int(found[1]) if found and int(found[1]) in YEARS else None


def of_link(link: str, site: str) -> Pointer:
    try:
        address = urlsplit(link)
        host = (address.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:  # no address at all
        return Pointer()
    path = unquote(address.path[:LONGEST], errors="replace")
    if site and address.netloc.lower() == site.lower():
        return of_ours(path)
    if host.endswith(".wikipedia.org"):
        host = "wikipedia.org"
    reader = READERS.get(host)
    return reader(path) if reader else Pointer()


def of_ours(path: str) -> Pointer:
    if found := re.match(r"(?:/en)?(?:/@\w+)?/films/(\d{1,18})[-/]", path, re.A):
        return Pointer(film_id=int(found[1]))
    if found := re.match(r"(?:/en)?/films/tmdb/(\d{1,10})/", path, re.A):
        return of_tmdb(f"/movie/{found[1]}")
    return Pointer()


def of_tmdb(path: str) -> Pointer:
    found = re.match(r"/movie/(\d{1,10})(?:-([^/]+))?(?:/|$)", path, re.A)
    if not found or not 0 < int(found[1]) <= LARGEST_TMDB_ID:
        return of_slug(path, r"/tv/\d+-([^/]+)")
    return Pointer(tmdb_id=int(found[1]), title=words_of(found[2] or ""))


def of_imdb(path: str) -> Pointer:
    found = re.search(r"/title/(tt\d{5,10})(?:/|$)", path, re.A)
    return Pointer(imdb_id=found[1]) if found else Pointer()


def of_wikidata(path: str) -> Pointer:
    found = re.match(r"/(?:wiki|entity)/(Q[1-9]\d{0,14})$", path, re.A)
    return Pointer(wikidata_id=found[1]) if found else Pointer()


def of_wikipedia(path: str) -> Pointer:
    found = re.match(r"/wiki/([^/:]+)$", path)
    return Pointer(title=KIND.sub("", clean(found[1].replace("_", " ")))) if found else Pointer()


def of_letterboxd(path: str) -> Pointer:
    """Of films of one name, Letterboxd puts the year behind all but one; another's title may end in a year of its own.
    So the year is left out, and the search shows them all."""
    found = re.match(r"(?:/[^/]+)?/film/([^/]+)", path)
    return Pointer(title=words_of(re.sub(r"(?<=\D)-(?:18|19|20)\d\d(?:-\d)?$", "", found[1]))) if found else Pointer()


def of_justwatch(path: str) -> Pointer:
    return of_slug(path, r"/\w\w/(?:movie|映画)/([^/]+)")


def of_slug(path: str, pattern: str) -> Pointer:
    found = re.match(pattern, path)
    return Pointer(title=words_of(found[1])) if found else Pointer()


def words_of(slug: str) -> str:
    return clean(re.sub(r"[-_+]+", " ", slug))


READERS: dict[str, Callable[[str], Pointer]] = {
    "themoviedb.org": of_tmdb,
    "imdb.com": of_imdb,
    "letterboxd.com": of_letterboxd,
    "wikidata.org": of_wikidata,
    "wikipedia.org": of_wikipedia,
    "justwatch.com": of_justwatch,
}
"""By host. Others, such as filmarks.com and boxd.it, number films by themselves: there, the words beside the link tell."""
