from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import Request
from movies.diary.comparison import Comparison
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.paging import Cursor


@require_safe
def compare(request: Request, handle: str, other: str) -> HttpResponse:
    if handle == other:
        return redirect("wall", handle=handle)
    walls = User.objects.with_wall_open_to(request.user).in_bulk([handle, other], field_name="handle")
    if len(walls) < 2:
        raise Http404
    comparison = Comparison(walls[handle], walls[other], request.user)
    after = Cursor.read(request.GET["after"], int) if "after" in request.GET else None
    entries, following = comparison.page(after)
    context = {"comparison": comparison, "entries": entries, "next": following, "is_first_page": after is None}
    return allow_copies(render(request, "movies/diary/compare.html", context), **REVALIDATED)
