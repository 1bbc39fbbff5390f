from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import Request
from movies.diary.comparison import Comparison
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.paging import Cursor


@require_safe
def compare(request: Request, handle: str, other: str) -> HttpResponse:
    walls = User.objects.with_wall_open_to(request.user)
    comparison = Comparison(
        get_object_or_404(walls, handle=handle), get_object_or_404(walls, handle=other), request.user
    )
    if comparison.one == comparison.other:
        return redirect("wall", handle=comparison.one.handle)
    after = Cursor.read(request.GET["after"], int) if "after" in request.GET else None
    entries, following = comparison.page(after)
    context = {"comparison": comparison, "entries": entries, "next": following, "is_first_page": after is None}
    return allow_copies(render(request, "movies/diary/compare.html", context), **REVALIDATED)
