"""The films of a file of which nobody can be sure, one after the other."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.catalog import tmdb
from movies.catalog.elsewhere import search_elsewhere
from movies.catalog.models import Film
from movies.catalog.search import search_films
from movies.imports import report, services
from movies.imports.forms import DoubtForm, PickForm
from movies.imports.keeping import named_of
from movies.imports.models import Batch, Mention
from movies.imports.views.batches import batch_of

FOUND = 12  # films of our own


@login_required
@require_safe
def doubts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The first film in doubt; with `after`, the first one after that, and with `at` one that may be settled already. With
    `q` others are looked for, and only they are shown when htmx asks."""
    batch = batch_of(request, pk)
    form = DoubtForm(request.GET)
    if not form.is_valid():
        raise BadRequest("no such place")
    at, after, words = (form.cleaned_data[name] for name in ("at", "after", "q"))
    mention = mention_at(batch, at) if at else next_doubt(batch, after)
    if mention is None:
        return redirect("import_doubts", pk) if after else redirect("import", pk)
    context = {"batch": batch, "mention": mention, "form": form} | found(words)
    if request.htmx:
        return render(request, "movies/imports/_found.html", context)
    named = named_of(mention.named)
    context |= {
        "named": named,
        "name": named.title or named.original_title or named.imdb_id or f"TMDB {named.tmdb_id}",
        "left": batch.mentions.filter(state=Mention.State.DOUBTFUL).count(),
        "settled": settled_just_now(batch, after),
    }
    return render(request, "movies/imports/doubts.html", context)


def mention_at(batch: Batch, pk: int) -> Mention:
    mention: Mention = get_object_or_404(batch.mentions.all(), pk=pk)
    report.tell_choices(mention)
    return mention


def next_doubt(batch: Batch, after: int | None) -> Mention | None:
    mentions, _following = report.doubts_of(batch, after=after or 0, size=1)
    return mentions[0] if mentions else None


def settled_just_now(batch: Batch, pk: int | None) -> Mention | None:
    """What was chosen on the page before, as long as that can be changed."""
    if batch.state != Batch.State.READY:
        return None
    chosen = batch.mentions.filter(state__in=[Mention.State.PICKED, Mention.State.LEFT_OUT])
    return chosen.select_related("film").filter(pk=pk or 0).first()


def found(words: str) -> dict[str, Any]:
    """Films of our own, then TMDB's; when it does not answer, one line says so."""
    context: dict[str, Any] = {"query": words, "films": [], "hits": [], "trouble": False}
    if words:
        context["films"] = search_films(words, size=FOUND).films
        if tmdb.is_enabled():
            try:
                context["hits"] = search_elsewhere(words, year=None, page=1, language=get_language()).hits
            except tmdb.TmdbError:
                context["trouble"] = True
    return context


def mention_of(request: SignedInRequest, pk: int, mention: int) -> Mention:
    return get_object_or_404(Mention.objects.filter(batch__owner=request.user, batch=pk), pk=mention)


@login_required
@require_POST
def pick(request: SignedInRequest, pk: int, mention: int) -> HttpResponse:
    meant = mention_of(request, pk, mention)
    form = PickForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no such film")
    film, tmdb_id = form.cleaned_data["film"], form.cleaned_data["tmdb_id"]
    try:
        if film:
            services.pick(mention=meant, film=film.merged_into or film)
        else:
            services.pick_from_tmdb(mention=meant, tmdb_id=tmdb_id)
    except tmdb.TmdbError:
        messages.error(request, _("TMDB does not answer just now. Please try again in a minute."))
    except Film.DoesNotExist:
        messages.error(request, _("This film is no longer there. Please pick another."))
    except services.WrongState:
        messages.error(request, _("That was not possible any more: the import has gone on. This is how it stands."))
    else:
        return on_to_the_next(meant)
    return redirect(f"{reverse('import_doubts', args=[pk])}?at={mention}")


@login_required
@require_POST
def leave_out(request: SignedInRequest, pk: int, mention: int) -> HttpResponse:
    meant = mention_of(request, pk, mention)
    try:
        services.leave_out(mention=meant, is_film=request.POST.get("why") != "not_a_film")
    except services.WrongState:
        messages.error(request, _("That was not possible any more: the import has gone on. This is how it stands."))
    return on_to_the_next(meant)


def on_to_the_next(mention: Mention) -> HttpResponse:
    return redirect(f"{reverse('import_doubts', args=[mention.batch_id])}?after={mention.pk}")
