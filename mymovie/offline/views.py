"""What makes the site an app: what it is called, and what there is of it without a connection. The same for everybody."""

import hashlib

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import condition, require_safe

from mymovie.caching import REVALIDATED, asks_nobody, same_for_all
from mymovie.offline import worker
from mymovie.offline.manifest import manifest as facts


@asks_nobody
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return same_for_all(JsonResponse(facts(), content_type="application/manifest+json"), **REVALIDATED)


@asks_nobody
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the worker shows where there is neither a connection nor a copy; it puts in which copies there are."""
    page = render_to_string("offline/offline.html", {"has_worker": settings.SERVICE_WORKER})
    return same_for_all(HttpResponse(page), **REVALIDATED)


def script() -> str:
    return worker.script() if settings.SERVICE_WORKER else worker.farewell()


def etag_of_script(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(script().encode()).hexdigest()[:32]}"'


@asks_nobody
@require_safe
@condition(etag_func=etag_of_script)
@csp_update({"connect-src": [worker.PICTURES_ELSEWHERE]})
def service_worker(request: HttpRequest) -> HttpResponse:
    """Its policy is that of its own answer: it keeps posters, so it may ask for them."""
    return same_for_all(HttpResponse(script(), content_type="text/javascript"), **REVALIDATED)
