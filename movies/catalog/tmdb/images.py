from typing import Literal

Size = Literal["w45", "w92", "w154", "w185", "w342", "w500", "w780", "h632", "original"]
POSTER_WIDTHS: tuple[Size, ...] = ("w92", "w154", "w185", "w342", "w500", "w780")

IMAGES_URL = "https://image.tmdb.org/t/p/"


def image_url(path: str, size: Size) -> str:
    """Where the image lies that TMDB calls `path` ("/…"). Posters come in POSTER_WIDTHS, people in w45, w185 and h632,
    logos in w45, w92, w154, w185."""
    return f"{IMAGES_URL}{size}{path}"


def srcset(path: str, widths: tuple[Size, ...] = POSTER_WIDTHS) -> str:
    return ", ".join(f"{image_url(path, width)} {width[1:]}w" for width in widths)
