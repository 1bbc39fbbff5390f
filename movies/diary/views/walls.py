from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import Follow, User
from accounts.people import search
from accounts.requests import Request
from movies.diary.heads import head_of_wall
from movies.diary.models import Entry, Wish
from movies.diary.wall import Arrangement, Dates, Order, Wall
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.pages import keeping_query
from mymovie.paging import Cursor


@require_safe
def wall(request: Request, handle: str) -> HttpResponse:
    """A person's films; with `after`, those that follow that place, and only them when htmx asks."""
    address = reverse("wall", args=[handle])
    if request.path != address:
        return redirect(keeping_query(request, address), permanent=True)
    is_open = Exists(User.objects.with_wall_open_to(request.user).filter(pk=OuterRef("pk")))
    owner = get_object_or_404(User.objects.known_to(request.user).annotate(is_open=is_open), handle=handle)
    arrangement, after = read_arrangement(request)
    etag = None if request.user.is_authenticated else wall_etag(request, owner)
    if etag and (unchanged := get_conditional_response(request, etag)):
        return told_apart(unchanged, etag)

    context: dict[str, object] = {"owner": owner, "is_own": owner == request.user, "follow": None}
    if request.user.is_authenticated and owner != request.user:
        context["follow"] = Follow.objects.filter(follower=request.user, followee=owner).first()
    if not owner.is_open:  # type: ignore[attr-defined]  # annotated
        return told_apart(render(request, "movies/diary/closed_wall.html", context), etag)
    with timezone.override(ZoneInfo(owner.time_zone)):  # whose days these are
        return told_apart(show_wall(request, owner, arrangement, after, context), etag)


def show_wall(
    request: Request, owner: User, arrangement: Arrangement, after: Cursor | None, context: dict[str, object]
) -> HttpResponse:
    shown = Wall(Entry.objects.filter(owner=owner).seen_by(request.user), arrangement)
    context |= {
        "sharing": head_of_wall(owner, arrangement),
        "wall": shown,
        "arrangement": arrangement,
        "after": after,
        "page": shown.page(after),
        "orders": Order,
        "dates": Dates,
        "deleted": deleted_just_now(request, owner),
        "wishes_count": Wish.objects.filter(owner=owner).count() if owner == request.user and not request.htmx else 0,
    }
    return render(request, "movies/diary/_wall_page.html" if request.htmx else "movies/diary/wall.html", context)


def told_apart(response: HttpResponse, etag: str | None) -> HttpResponse:
    """With the headers by which a cache tells copies apart: the same whether it holds one already or not."""
    patch_vary_headers(response, ["HX-Request"])
    if etag:
        response.headers["ETag"] = etag
        allow_copies(response, **REVALIDATED)
    return response


def read_arrangement(request: Request) -> tuple[Arrangement, Cursor | None]:
    """What the address asks for. Raises BadRequest for what no wall has ever linked to."""
    try:
        arrangement = Arrangement(
            Order(request.GET.get("order", Order.RELEASE)), Dates(request.GET.get("dates", Dates.JAPAN))
        )
        return arrangement, arrangement.read(request.GET["after"]) if "after" in request.GET else None
    except ValueError as error:
        raise BadRequest("no such order or place") from error


def wall_etag(request: Request, owner: User) -> str:
    """Names what a stranger is shown: it changes with the wall's revision, the part asked for, and the code."""
    part = "part" if request.htmx else "page"
    return f'W/"{owner.pk}-{owner.public_revision}-{part}-{get_language()}-{settings.RELEASE}"'


def deleted_just_now(request: Request, owner: User) -> Entry | None:
    """The owner's entry that this page may offer to put back."""
    if owner != request.user or not request.GET.get("deleted", "").isdecimal():
        return None
    mine = Entry.objects.filter(owner=owner).deleted_lately(timezone.now()).select_related("film")
    return mine.filter(pk=request.GET["deleted"]).first()


@require_safe
def random_wall(request: Request) -> HttpResponse:
    owner = search.random_wall(viewer=request.user)
    return redirect("wall", handle=owner.handle) if owner else redirect("about")
