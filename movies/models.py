from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, RequestPace, WatchOffer, WatchProvider
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish
from movies.imports.models import Batch, Change, Mention, Pick, Row
from movies.releases.models import CalendarFeed, Sheet, SheetRow

__all__ = [
    "Batch",
    "CalendarFeed",
    "Change",
    "Credit",
    "Entry",
    "Film",
    "FilmList",
    "FilmListItem",
    "Genre",
    "Mention",
    "Person",
    "Pick",
    "ReleaseDate",
    "RequestPace",
    "Row",
    "Sheet",
    "SheetRow",
    "Viewing",
    "WatchOffer",
    "WatchProvider",
    "Wish",
]
