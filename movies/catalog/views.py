from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import override
from django.views.decorators.http import require_safe

from movies.catalog.models import Credit, Film
from movies.catalog.posters import PosterFacts, draw
from mymovie.caching import FOR_EVER, REVALIDATED, asks_nobody, same_for_all


@asks_nobody
@require_safe
def drawn_poster(request: HttpRequest, pk: int, version: str, language: str) -> HttpResponse:
    """The poster we draw for a film that has none. Its address names the version, so a copy may be kept for ever."""
    film = get_object_or_404(Film, pk=pk)
    with override(language):
        director = film.credits.billed().filter(job=Credit.Job.DIRECTOR).first()
        svg = draw(
            PosterFacts(
                film_id=film.pk,
                title=film.title,
                title_lang=film.title_language,
                year=film.year,
                director=director.person.local_name if director else "",
                genre_ids=tuple(film.genres.order_by("pk").values_list("pk", flat=True)),
            )
        )
    rules = FOR_EVER if version == film.poster_version else REVALIDATED
    return same_for_all(HttpResponse(svg, content_type="image/svg+xml"), **rules)
