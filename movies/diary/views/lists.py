"""One's own lists of films. Every one is looked up through its owner."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.diary import lists
from movies.diary.marks import recorded_among, wished_among
from movies.diary.models import FilmList
from mymovie.paging import Cursor


@login_required
@require_safe
def show_lists(request: SignedInRequest) -> HttpResponse:
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    page, following = lists.lists_of(request.user, after)
    context = {"lists": page, "next": following, "count": FilmList.objects.filter(owner=request.user).count()}
    part = "movies/diary/_lists_page.html" if request.htmx else "movies/diary/lists.html"
    return render(request, part, context)


@login_required
@require_safe
def show_list(request: SignedInRequest, pk: int) -> HttpResponse:
    film_list = find_list(request, pk)
    after = Cursor.read(request.GET["after"], int) if "after" in request.GET else None
    items, following = lists.films_on(film_list, after)
    films = [item.film for item in items]
    mine = recorded_among(request.user, films)
    context = {
        "film_list": film_list,
        "items": [(item, mine.get(item.film_id)) for item in items],
        "next": following,
        "count": film_list.items.count(),
        "wished": wished_among(request.user, films),
    }
    part = "movies/diary/_list_page.html" if request.htmx else "movies/diary/list.html"
    return render(request, part, context)


@login_required
@require_POST
def delete_list(request: SignedInRequest, pk: int) -> HttpResponse:
    film_list = find_list(request, pk)
    lists.delete_list(film_list=film_list)
    messages.success(request, _("The list “%(name)s” is deleted.") % {"name": film_list.name})
    return redirect("lists")


def find_list(request: SignedInRequest, pk: int) -> FilmList:
    return get_object_or_404(FilmList.objects.filter(owner=request.user), pk=pk)
