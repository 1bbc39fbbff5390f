from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.people.avatars import picture_names
from mymovie.caching import FOR_EVER, asks_nobody, same_for_all
from mymovie.uploads import StorageAway, kept_files


@asks_nobody
@require_safe
def avatar(request: HttpRequest, token: str, size: str) -> HttpResponse:
    """One of a person's pictures. Another upload has another address, so a copy may be kept for ever."""
    try:
        with kept_files() as storage, storage.open(picture_names(token)[int(size)]) as file:
            picture = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    except StorageAway:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    return same_for_all(HttpResponse(picture, content_type="image/webp"), **FOR_EVER)
