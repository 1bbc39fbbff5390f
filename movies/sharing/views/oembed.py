from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from movies.sharing.oembed import KEPT_FOR, answer, shown_at
from mymovie.caching import asks_nobody, same_for_all
from mymovie.pages import LONGEST


@asks_nobody
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """For other sites' programs: 400 for a question that cannot be read, 404 for what is not for everybody, 501 for XML."""
    wanted = request.GET.get("format", "json")
    if wanted != "json":
        return _refused(501, "Only format=json is spoken here.")
    address = request.GET.get("url", "")
    if not address or len(address) > LONGEST:
        return _refused(400, "Give the address of a page of ours in url.")
    try:
        sizes = {name: _size(request, name) for name in ("maxwidth", "maxheight")}
        shown = shown_at(address)
    except (BadRequest, ValueError):
        return _refused(400, "These parameters cannot be read.")
    if shown is None:
        return _refused(404, "There is nothing at this address that everybody may see.")
    response = JsonResponse(
        answer(shown, most_wide=sizes["maxwidth"], most_high=sizes["maxheight"]),
        json_dumps_params={"ensure_ascii": False},
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return same_for_all(response, public=True, max_age=KEPT_FOR)


def _size(request: HttpRequest, name: str) -> int | None:
    """Raises ValueError."""
    written = request.GET.get(name, "")
    if written and not (written.isascii() and written.isdigit() and 0 < len(written) <= 6):
        raise ValueError(name)
    return int(written) if written else None


def _refused(status: int, why: str) -> HttpResponse:
    return JsonResponse({"error": why}, status=status)
