"""Imports, as staff look at them: how they go. What their rows say are words of people, and not shown."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.moderation.staff import StaffAdmin
from accounts.requests import SignedInRequest
from movies.imports import services
from movies.imports.models import Batch, Row
from movies.imports.refusals import said

log = structlog.get_logger(__name__)


class BatchAdmin(StaffAdmin):
    shown = [
        *("owner", "state", "format", "what_is_wrong", "rows", "outcomes"),
        *("overwrites", "size", "attempts", "created_at", "progress_at", "ended_at"),
    ]
    list_display = ["pk", "owner", "state", "format", "rows", "outcomes", "what_is_wrong", "progress_at"]
    list_display_links = ["pk"]
    list_filter = ["state"]
    list_select_related = ["owner"]

    def get_urls(self) -> list[URLPattern]:
        again = require_POST(self.start_again)
        return [
            path("<int:pk>/again/", self.admin_site.admin_view(again), name="movies_batch_again"),
            *super().get_urls(),
        ]

    def start_again(self, request: SignedInRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch, pk=pk)
        try:
            services.start_again(batch=batch)
        except services.WrongState:
            messages.error(request, _("This import cannot be started again."))
        else:
            log.info("import.again", batch=pk, actor=request.user.pk)
            messages.success(request, _("The import goes on in a moment."))
        return redirect("admin:movies_batch_change", pk)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        count_rows(changelist.result_list)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Batch | None:
        batch: Batch | None = super().get_object(request, object_id, from_field)
        count_rows([batch] if batch else [])
        return batch

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = context["original"]
        context["is_stalled"] = batch.state == Batch.State.FAILED and batch.error == "stalled"
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("rows"))
    def rows(self, batch: Any) -> int:
        return sum(batch.counted.values())

    @admin.display(description=gettext_lazy("outcomes"))
    def outcomes(self, batch: Any) -> str:
        told = [f"{outcome.label} {batch.counted[outcome]}" for outcome in Row.Outcome if outcome in batch.counted]
        return " · ".join(told) or "–"

    @admin.display(description=gettext_lazy("error"))
    def what_is_wrong(self, batch: Batch) -> str:
        return said(batch.error, "…") or "–"


def count_rows(batches: Iterable[Any]) -> None:
    """By outcome, of all of them at once."""
    by_pk = {batch.pk: batch for batch in batches}
    for batch in by_pk.values():
        batch.counted = {}
    rows = Row.objects.filter(batch__in=by_pk).order_by("batch", "outcome")
    for pk, outcome, count in rows.values_list("batch", "outcome").annotate(Count("pk")):
        by_pk[pk].counted[outcome] = count
