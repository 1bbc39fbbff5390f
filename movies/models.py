from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, RequestPace
from movies.diary.models import Entry, Viewing

__all__ = ["Credit", "Entry", "Film", "Genre", "Person", "ReleaseDate", "RequestPace", "Viewing"]
