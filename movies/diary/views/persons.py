import datetime

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.models import Credit, Person
from movies.diary.filmography import Filmography
from movies.diary.views.revisions import told_apart
from mymovie.pages import keeping_query
from mymovie.paging import Cursor
from mymovie.rest.conditional import digest


@require_safe
def person(request: Request, pk: int, slug: str) -> HttpResponse:
    """The films that somebody directed and acted in; with `job` and `after`, more of those alone."""
    person = get_object_or_404(Person, pk=pk)
    if slug != person.slug:
        return redirect(keeping_query(request, person.get_absolute_url()), permanent=True)
    job, after = read_place(request)
    filmography = Filmography(person, request.user)
    etag = None if request.user.is_authenticated else etag_of(request, filmography)
    if etag and (unchanged := get_conditional_response(request, etag)):
        return told_apart(unchanged, etag)

    jobs = [job] if job else list(Credit.Job)
    parts = [part for part in (filmography.part(job, after) for job in jobs) if part.count]
    if request.htmx and job and parts:
        response = render(request, "movies/diary/_person_films.html", {"person": person, "part": parts[0]})
    else:
        context = {"person": person, "filmography": filmography, "parts": parts, "after": after}
        response = render(request, "movies/diary/person.html", context)
    return told_apart(response, etag)


def read_place(request: Request) -> tuple[Credit.Job | None, Cursor | None]:
    """What the address asks for. Raises BadRequest for what no page has ever linked to."""
    try:
        job = Credit.Job(request.GET["job"]) if "job" in request.GET else None
        after = Cursor.read(request.GET["after"], datetime.date) if "after" in request.GET else None
    except ValueError as error:
        raise BadRequest("no such job") from error
    if after and not job:
        raise BadRequest("a place in no list")
    return job, after


def etag_of(request: Request, filmography: Filmography) -> str:
    """Names what a visitor is shown: it changes with the person's names and films, the part asked for, and the code."""
    person = filmography.person
    part = "part" if request.htmx else "page"
    names = digest(person.name, person.name_ja, filmography.count, filmography.changed_at)
    return f'W/"{person.pk}-{names}-{part}-{get_language()}-{settings.RELEASE}"'
