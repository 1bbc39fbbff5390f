"""What the API says of itself, and a page to read it by. Both load nothing from elsewhere."""

from functools import cache
from pathlib import Path

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mymovie.caching import REVALIDATED, asks_nobody, same_for_all
from mymovie.rest.conditional import is_known, tag_of

# As `manage.py spectacular` writes it; a test holds it to the code.
DOCUMENT = Path(__file__).parent / "openapi.json"


@cache
def document() -> bytes:
    """Without the spaces that are for people."""
    return orjson.dumps(orjson.loads(DOCUMENT.read_bytes()))


@asks_nobody
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    etag = tag_of(document())
    if is_known(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(document(), content_type="application/vnd.oai.openapi+json")
    response.headers["ETag"] = etag
    return same_for_all(response, **REVALIDATED)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Whoever reads it signed in can try it out, as themselves."""
    token = get_token(request) if request.user.is_authenticated else ""
    return render(request, "rest/docs.html", {"token": token})
