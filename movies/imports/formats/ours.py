"""MyMovie: the archive of everything of one's own, read back to the letter. What was deleted stays deleted.

It says more than the wall can be given: whom one follows, what one has written to us, what was imported. That is passed over.
A list without films is, too.
"""

from movies.imports.formats import cells as read
from movies.imports.formats.format import Format, Member
from movies.imports.formats.items import Item, JsonPart, cells_of, value_at
from movies.imports.formats.rows import LONGEST_TITLE, FilmNamed, Options, RowRefused, Said

VISIBILITIES = ("", "public", "followers", "private")
AUDIENCES = ("", "owner", "entry", "public")

_TITLES = ("film_title_ja", "film_title_en", "film_original_title")
_FILM = (*_TITLES, "film_year", "film_tmdb_id", "film_imdb_id")


def _film(item: Item) -> FilmNamed:
    cells = cells_of(item, *_FILM)
    titles = [read.title(cells, name) for name in _TITLES]
    film = FilmNamed(
        title=next(filter(None, titles), ""),
        original_title=titles[-1],
        year=read.year(cells, "film_year"),
        tmdb_id=read.tmdb_id(cells, "film_tmdb_id"),
        imdb_id=read.imdb_id(cells, "film_imdb_id"),
    )
    if not (film.title or film.tmdb_id or film.imdb_id):
        raise RowRefused("no_title", "film_original_title")
    return film


def _words(item: Item, name: str, *, most: int = read.LONGEST_REVIEW, code: str = "text_too_long") -> str:
    """As they stand there, with all of their spaces and line breaks."""
    words = value_at(item, name)
    if len(words) > most:
        raise RowRefused(code, name)
    return words


def _tags(item: Item) -> tuple[str, ...]:
    """They may hold commas."""
    tags = item.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise RowRefused("not_readable", "tags")
    if len(tags) > read.MOST_TAGS or any(len(tag) > read.LONGEST_TAG for tag in tags):
        raise RowRefused("tags_too_long", "tags")
    return tuple(tags)


def _visibility(item: Item) -> str:
    visibility = value_at(item, "visibility")
    if visibility not in VISIBILITIES:
        raise RowRefused("not_a_visibility", "visibility")
    return visibility


def _audience(item: Item) -> str:
    """Archives from before there was a choice say nothing of it."""
    audience = value_at(item, "review_audience")
    if audience not in AUDIENCES:
        raise RowRefused("not_a_visibility", "review_audience")
    return audience


def _entry(item: Item, options: Options) -> Said:
    cells = cells_of(item, "score", "is_liked", "recorded_at", "has_spoilers", "reviewed_at")
    review = _words(item, "review")
    return Said(
        film=_film(item),
        is_seen=True,
        score=read.score(cells, "score", most=100),
        review=review,
        has_spoilers=bool(review) and read.is_yes(cells, "has_spoilers"),
        review_audience=_audience(item) if review else "",
        reviewed_at=read.moment(cells, "reviewed_at", options) if review else None,
        memo=_words(item, "memo"),
        tags=_tags(item),
        is_liked=read.is_yes(cells, "is_liked"),
        visibility=_visibility(item),
        noted_at=read.moment(cells, "recorded_at", options),
    )


def _viewing(item: Item, options: Options) -> Said:
    """When the film was recorded its entry says."""
    cells = cells_of(item, "watched_on", "score", "submission")
    return Said(
        film=_film(item),
        is_seen=True,
        is_viewing=True,
        watched_on=read.day(cells, "watched_on", options),
        viewing_key=cells["submission"],
        viewing_score=read.score(cells, "score", most=100),
    )


def _wish(item: Item, options: Options) -> Said:
    cells = cells_of(item, "wished_at")
    return Said(
        film=_film(item),
        is_wished=True,
        memo=_words(item, "memo"),
        noted_at=read.moment(cells, "wished_at", options),
    )


def _listed(item: Item, options: Options) -> Said:
    return Said(
        film=_film(item),
        list_name=_words(item, "film_list_name", most=LONGEST_TITLE, code="title_too_long"),
        list_description=_words(item, "film_list_description"),
        list_position=read.count(cells_of(item, "position"), "position"),
        list_note=_words(item, "note"),
    )


def _stands(item: Item) -> bool:
    return item.get("deleted_at") is None and item.get("entry_deleted_at") is None


_TITLE = "film_original_title"  # no film of ours is without

ENTRIES = JsonPart("mymovie.entries", "item", (_TITLE, "recorded_at", "visibility"), _entry, is_row=_stands)
VIEWINGS = JsonPart("mymovie.viewings", "item", (_TITLE, "entry", "submission"), _viewing, is_row=_stands)
WISHES = JsonPart("mymovie.wishes", "item", (_TITLE, "wished_at"), _wish)
LIST_ITEMS = JsonPart("mymovie.list_items", "item", (_TITLE, "film_list_name"), _listed)

FORMAT = Format(
    name="mymovie",
    label="MyMovie",
    language="ja",
    parts=(ENTRIES, VIEWINGS, WISHES, LIST_ITEMS),
    members=(
        Member(r"entries\.json", ENTRIES),
        Member(r"viewings\.json", VIEWINGS),
        Member(r"wishes\.json", WISHES),
        Member(r"list_items\.json", LIST_ITEMS),
    ),
    known_by=(r"entries\.json", r"profile\.json"),
)
