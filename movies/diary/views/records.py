"""Recording a film, and taking that back. Every row is looked up through its owner."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.catalog import tmdb
from movies.catalog.facts import preview
from movies.catalog.models import Film
from movies.diary import films, recording, services, tags
from movies.diary.forms import RecordForm, ReviewForm, ViewingForm
from movies.diary.models import UNDO_FOR, Entry, Viewing
from movies.diary.views.quick import ask_for_score, former_wish, is_quick, tell_recorded, tell_undone
from movies.diary.wishing import wish_again
from mymovie.addresses import address
from mymovie.pages import with_what_was_typed, written_out
from mymovie.paging import Cursor, page_after

DELETED_ON_A_PAGE = 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method == "POST" and (recorded := record_at_once(request, pk)):
        return recorded
    try:
        film, entry = recording.film_and_entry(request.user, pk)
    except Film.DoesNotExist as error:
        raise Http404 from error
    if film.merged_into_id and not entry:
        return record(request, film.merged_into_id)
    form = RecordForm(request.POST or None, owner=request.user, entry=entry, typed=request.GET)
    if form.is_valid():
        return save(request, form, film)
    return show_form(request, form, film, entry, status=400 if form.is_bound else 200)


def record_at_once(request: SignedInRequest, pk: int) -> HttpResponse | None:
    """A film that this process has shown before is not looked at once more: what writes it down sees for itself whether it
    still is as it was, and whether it stands on the wall already. None where it is not, or does, or the form is to be shown."""
    if film := recording.film_as_last_seen(pk):
        form = RecordForm(request.POST, owner=request.user)
        if not form.is_of_what_stands and form.is_valid() and (entry := services.put_up(form.said(), film)):
            return tell(request, form, entry, is_new=True)
    return None


def show_form(
    request: SignedInRequest, form: RecordForm, film: Film, entry: Entry | None, *, status: int, **more: object
) -> HttpResponse:
    if is_quick(request):
        return ask_for_score(request, form, film, entry)
    viewings = entry.viewings.order_by("watched_on", "pk") if entry else []
    my_tags = tags.suggested(request.user)
    context = {"form": form, "film": film, "entry": entry, "viewings": viewings, "my_tags": my_tags, **more}
    return render(request, "movies/diary/record.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_from_tmdb(request: SignedInRequest, tmdb_id: int) -> HttpResponse:
    """Records a film that only TMDB has so far. Looking writes nothing; the film is made when it is recorded."""
    if film := Film.objects.filter(tmdb_id=tmdb_id).first():
        return record(request, film.pk)
    try:
        facts = tmdb.for_pages.film(tmdb_id)
    except tmdb.NotFound as error:
        raise Http404 from error
    except tmdb.TmdbError:
        context: dict[str, object] = {
            "trouble": True,
            "resume": with_what_was_typed(request),
            "written": written_out(request),
        }
        return render(request, "movies/diary/record.html", context, status=503)
    if facts.is_adult:
        raise Http404
    form = RecordForm(request.POST or None, owner=request.user, typed=request.GET)
    if form.is_valid():
        return save(request, form, films.film_from_tmdb(facts))
    return show_form(request, form, preview(facts), None, status=400 if form.is_bound else 200)


def save(request: SignedInRequest, form: RecordForm, film: Film) -> HttpResponse:
    try:
        entry, is_new = services.log_film(film=film, **form.said()._asdict())
    except services.ChangedElsewhere as clash:
        return ask_which(request, form, clash)
    return tell(request, form, entry, is_new=is_new)


def tell(request: SignedInRequest, form: RecordForm, entry: Entry, *, is_new: bool) -> HttpResponse:
    request.session.prolong()  # type: ignore[attr-defined]
    if is_quick(request):
        return tell_recorded(request, form, entry, is_new=is_new)
    return tell_on_wall(request, "recorded" if is_new else "changed", entry)


def tell_on_wall(request: SignedInRequest, act: str, entry: Entry) -> HttpResponse:
    """By the address alone: a session would be written for it, and once more to forget it."""
    return HttpResponseRedirect(f"{address('wall', handle=request.user.handle)}?{act}={entry.pk}")


def ask_which(request: SignedInRequest, form: RecordForm, clash: services.ChangedElsewhere) -> HttpResponse:
    """Both texts, the one that stands there and the one that was typed; nothing is written until somebody has chosen."""
    entry = clash.entry
    again = RecordForm(form.data_shown(entry), owner=request.user, entry=entry)
    standing = {"entry": entry, "units": clash.units}
    return show_form(request, again, entry.film, entry, status=409, standing=standing)


@login_required
@require_POST
def preview_review(request: SignedInRequest) -> HttpResponse:
    """How a review will look. Nothing is kept of it."""
    form = ReviewForm(request.POST)
    form.is_valid()
    part = "movies/diary/_preview.html" if request.htmx else "movies/diary/preview.html"
    context = {"form": form, "review": form.cleaned_data.get("review", "")}
    return render(request, part, context, status=400 if form.errors and not request.htmx else 200)


@login_required
@require_POST
def delete_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.filter(owner=request.user), pk=pk)
    was = former_wish(request)
    if entry.deleted_at is None:  # else the button was pressed twice
        services.delete_entry(entry=entry)
    if was:
        wish_again(owner=request.user, film=entry.film, was=was)
    if is_quick(request):
        return tell_undone(request, entry)
    return tell_on_wall(request, "deleted", entry)


@login_required
@require_POST
def restore_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = Entry.objects.filter(owner=request.user).restorable(timezone.now()).select_related("film")
    entry = get_object_or_404(mine, pk=pk)
    try:
        services.restore_entry(entry=entry)
    except services.AlreadyOnTheWall:
        messages.error(request, _("You have recorded this film again since. Delete that entry to get this one back."))
        return redirect("deleted_entries")
    messages.success(request, _("“%(title)s” is back.") % {"title": entry.film.title})
    return redirect("wall", handle=request.user.handle)


@login_required
@require_safe
def deleted_entries(request: SignedInRequest) -> HttpResponse:
    """What can still be put back."""
    mine = Entry.objects.filter(owner=request.user).deleted_lately(timezone.now()).select_related("film")
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    entries, following = page_after(mine, "deleted_at", after, DELETED_ON_A_PAGE)
    context = {"entries": entries, "next": following, "undo_days": UNDO_FOR.days}
    return render(request, "movies/diary/deleted.html", context)


@login_required
@require_POST
def date_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Gives its day to an entry that was seen on an unknown one."""
    entry = get_object_or_404(Entry.objects.of(request.user), pk=pk)
    form = ViewingForm(request.POST)
    if form.is_valid():
        services.date_entry(entry=entry, watched_on=form.cleaned_data["watched_on"])
    else:
        messages.error(request, " ".join(map(str, form.errors["watched_on"])))
    return redirect("record", pk=entry.film_id)


@login_required
@require_POST
def redate_viewing(request: SignedInRequest, pk: int) -> HttpResponse:
    viewing = find_viewing(request, pk)
    form = ViewingForm(request.POST)
    if form.is_valid():
        services.redate_viewing(viewing=viewing, watched_on=form.cleaned_data["watched_on"])
    else:
        messages.error(request, " ".join(map(str, form.errors["watched_on"])))
    return redirect("record", pk=viewing.entry.film_id)


@login_required
@require_POST
def remove_viewing(request: SignedInRequest, pk: int) -> HttpResponse:
    viewing = find_viewing(request, pk)
    services.remove_viewing(viewing=viewing)
    return redirect("record", pk=viewing.entry.film_id)


def find_viewing(request: SignedInRequest, pk: int) -> Viewing:
    mine = Viewing.objects.filter(entry__in=Entry.objects.of(request.user)).select_related("entry")
    return get_object_or_404(mine, pk=pk)
