from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, RequestPace, WatchOffer, WatchProvider
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish
from movies.imports.models import Batch, Change, Mention, Pick, Row
from movies.releases.models import CalendarFeed, Sheet, SheetRow
from movies.sharing.models import FeedAddress, Picture, WallPoster

__all__ = [
    "Batch",
    "CalendarFeed",
    "Change",
    "Credit",
    "Entry",
    "FeedAddress",
    "Film",
    "FilmList",
    "FilmListItem",
    "Genre",
    "Mention",
    "Person",
    "Pick",
    "Picture",
    "ReleaseDate",
    "RequestPace",
    "Row",
    "Sheet",
    "SheetRow",
    "Viewing",
    "WallPoster",
    "WatchOffer",
    "WatchProvider",
    "Wish",
]
