from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, RequestPace, WatchOffer, WatchProvider
from movies.diary.models import Entry, Viewing, Wish
from movies.releases.models import CalendarFeed, Sheet, SheetRow

__all__ = [
    "CalendarFeed",
    "Credit",
    "Entry",
    "Film",
    "Genre",
    "Person",
    "ReleaseDate",
    "RequestPace",
    "Sheet",
    "SheetRow",
    "Viewing",
    "WatchOffer",
    "WatchProvider",
    "Wish",
]
