"""An import from its file to what it has made. Every one is looked up through its owner."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.requests import SignedInRequest
from movies.diary.models import Audience
from movies.imports import incoming, report, services
from movies.imports.forms import AnswerForm, ImportForm
from movies.imports.models import Batch, Mention, Row
from movies.imports.refusals import said
from movies.imports.sources import SOURCES
from mymovie.limits.services import Limit, spend
from mymovie.uploads import StorageAway

BEGUN = Limit("imports", 30, timedelta(hours=1))
LISTED = 50
SENDS_FILES = dict.fromkeys(("form-action", "connect-src"), incoming.origin())
MEGABYTE = 2**20
# In the order in which somebody wants to know of them.
TOLD = (
    Row.Outcome.NEW,
    Row.Outcome.CHANGED,
    Row.Outcome.SAME,
    Row.Outcome.KEPT,
    Row.Outcome.DOUBTFUL,
    Row.Outcome.REJECTED,
)


class Stage(NamedTuple):
    """The page of an import in some state: its template, its heading, and what it tells."""

    template: str
    heading: str | Promise
    tell: Callable[[SignedInRequest, Batch], dict[str, Any]]


@login_required
@require_safe
def imports(request: SignedInRequest) -> HttpResponse:
    brought = Batch.objects.of(request.user).exclude(state=Batch.State.EXPECTED).order_by("-pk")
    context = {"sources": SOURCES, "batches": brought[:LISTED], "megabytes": incoming.LARGEST // MEGABYTE}
    return render(request, "movies/imports/imports.html", context)


@login_required
@require_POST
def begin(request: SignedInRequest) -> HttpResponse:
    spend(BEGUN, who=f"person {request.user.pk}")
    try:
        batch = services.expect_file(owner=request.user)
    except services.TooManyImports:
        messages.error(request, _("So many files of yours are waited for or worked on. Please let one end first."))
        return redirect("imports")
    return redirect("import", batch.pk)


@login_required
@csp_update(SENDS_FILES)  # type: ignore[arg-type]
@require_safe
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """What there is to see, or to do, now; with `after`, the rows that follow, and only those when htmx asks."""
    batch = batch_of(request, pk)
    stage = STAGES[Batch.State(batch.state)]
    context = {"batch": batch, "heading": stage.heading} | stage.tell(request, batch)
    part = "movies/imports/_rows.html" if request.htmx and "rows" in context else stage.template
    return render(request, part, context)


@login_required
@require_safe
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """For htmx, how far it is; when it goes no further, the whole page is another one."""
    batch = batch_of(request, pk)
    if not request.htmx:
        return redirect("import", pk)
    if not batch.is_at_work:
        return HttpResponseClientRefresh()
    stage = STAGES[Batch.State(batch.state)]
    return render(
        request,
        "movies/imports/_progress.html",
        {"batch": batch, "heading": stage.heading} | stage.tell(request, batch),
    )


def batch_of(request: SignedInRequest, pk: int) -> Batch:
    batch: Batch = get_object_or_404(Batch.objects.of(request.user), pk=pk)
    return batch


def tell_of_upload(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    """Without scripts S3 leads back here; scripts may not read where it leads, and are told so that it does not."""
    here = request.build_absolute_uri(reverse("import", args=[batch.pk]))
    return {
        "upload": services.upload_form(batch, back_to=f"{here}?arrived=1"),
        "by_script": json.dumps(services.upload_form(batch, back_to="")),
        "largest": incoming.LARGEST,
        "megabytes": incoming.LARGEST // MEGABYTE,
        "has_arrived": "arrived" in request.GET,
    }


def tell_of_progress(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    return {"progress": report.progress(batch)}


def tell_of_questions(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    return {"form": AnswerForm(batch=batch)}


def tell_of_rows(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    counts = report.counts(batch)
    first = next((outcome for outcome in TOLD if counts[outcome]), Row.Outcome.NEW)
    try:
        outcome, after = Row.Outcome(request.GET.get("outcome", first)), int(request.GET.get("after", "0"))
    except ValueError as error:
        raise BadRequest("no such rows") from error
    rows, following = report.rows_of(batch, outcome=outcome, after=after)
    return {
        "outcome": outcome,
        "tallies": [(told, counts[told]) for told in TOLD],
        "counts": counts,
        "rows": rows,
        "next": following,
        "form": ImportForm(),
        "doubts": batch.mentions.filter(state=Mention.State.DOUBTFUL).count(),
    }


def tell_of_trial(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    has_reviews = batch.rows.filter(said__has_key="review").exists()
    return tell_of_rows(request, batch) | {"has_reviews": has_reviews}


def tell_of_outcome(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    has_lists = batch.changes.filter(undone_at=None, after__has_key="lists").exists()
    return tell_of_rows(request, batch) | {"has_lists": has_lists}


def tell_of_failure(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    return {
        "why": said(batch.error, batch.error_about),
        "can_go_on": batch.error == "stalled",
        "has_written": batch.changes.filter(undone_at=None).exists(),
    }


def tell_nothing(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    return {}


def working(heading: str | Promise) -> Stage:
    return Stage("movies/imports/working.html", heading, tell_of_progress)


STAGES = {
    Batch.State.EXPECTED: Stage("movies/imports/expected.html", gettext_lazy("Your file"), tell_of_upload),
    Batch.State.READING: working(gettext_lazy("Reading your file")),
    Batch.State.ASKING: Stage(
        "movies/imports/asking.html", gettext_lazy("What your file does not say"), tell_of_questions
    ),
    Batch.State.MATCHING: working(gettext_lazy("Looking for your films")),
    Batch.State.WEIGHING: working(gettext_lazy("Comparing with your wall")),
    Batch.State.READY: Stage("movies/imports/ready.html", gettext_lazy("What would come of it"), tell_of_trial),
    Batch.State.IMPORTING: working(gettext_lazy("Putting it on your wall")),
    Batch.State.DONE: Stage("movies/imports/done.html", gettext_lazy("What came of it"), tell_of_outcome),
    Batch.State.UNDOING: working(gettext_lazy("Taking it back")),
    Batch.State.UNDONE: Stage("movies/imports/undone.html", gettext_lazy("Taken back"), tell_nothing),
    Batch.State.FAILED: Stage("movies/imports/failed.html", gettext_lazy("That came to nothing"), tell_of_failure),
}


def do(request: SignedInRequest, pk: int, act: Callable[..., object], **said: Any) -> HttpResponse:
    """One act upon an import, whose page then says what is now; pressed twice, or too late, it does nothing."""
    batch = batch_of(request, pk)
    try:
        act(batch=batch, **said)
    except services.WrongState:
        messages.error(request, _("That was not possible any more: the import has gone on. This is how it stands."))
    return redirect("import", pk)


@login_required
@require_POST
def arrived(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        return do(request, pk, services.file_arrived, name=request.POST.get("name", ""))
    except services.NoFile:
        messages.error(request, _("The file has not arrived. Please send it once more."))
    except StorageAway:
        messages.error(request, _("Files cannot be read just now. Please try again in a minute."))
        return redirect(f"{reverse('import', args=[pk])}?arrived=1")
    return redirect("import", pk)


@login_required
@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = AnswerForm(request.POST, batch=batch)
    if not form.is_valid():
        stage = STAGES[Batch.State.ASKING]
        context = {"batch": batch, "heading": stage.heading, "form": form}
        return render(request, stage.template, context, status=400)
    return do(request, pk, services.answer, answers=form.answers)


@login_required
@require_POST
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    form = ImportForm(request.POST)
    form.is_valid()  # a box that is not ticked is an answer too
    reviews_for = Audience(form.cleaned_data["reviews_for"]) if form.cleaned_data.get("reviews_for") else None
    overwrites = form.cleaned_data["overwrites"]
    return do(request, pk, services.import_batch, overwrites=overwrites, reviews_for=reviews_for)


@login_required
@require_POST
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    return do(request, pk, services.undo_import)


@login_required
@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    return do(request, pk, services.start_again)


@login_required
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    try:
        services.discard(batch=batch)
    except services.WrongState:
        messages.error(request, _("This import cannot be thrown away now."))
        return redirect("import", pk)
    messages.success(request, _("The import is thrown away; your wall is as it was."))
    return redirect("imports")


@login_required
@require_safe
def rejects(request: SignedInRequest, pk: int) -> HttpResponseBase:
    batch = batch_of(request, pk)
    disposition = {"Content-Disposition": f'attachment; filename="mymovie-rejects-{batch.pk}.csv"'}
    return StreamingHttpResponse(report.rejects_csv(batch), content_type="text/csv; charset=utf-8", headers=disposition)
