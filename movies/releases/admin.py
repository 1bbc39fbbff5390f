from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.moderation.staff import StaffAdmin
from accounts.requests import SignedInRequest
from movies.releases import arrivals, report
from movies.releases.models import Sheet, SheetRow
from movies.releases.refusals import said
from movies.releases.sheets import HEADINGS
from mymovie.uploads import StorageAway


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("file"), widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"})
    )

    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if file.size > settings.LARGEST_UPLOAD_OF_STAFF:
            said = _("The file is too large. Choose one of at most %(megabytes)d MB.")
            raise forms.ValidationError(said % {"megabytes": settings.LARGEST_UPLOAD_OF_STAFF // 2**20})
        return file


class SheetAdmin(StaffAdmin):
    """Files of coming releases: what became of them, row by row."""

    shown = [
        *("name", "place", "uploaded_by", "received_at", "state", "what_is_wrong", "rows_done", "counts"),
        "ended_at",
    ]
    list_display = ["pk", "name", "received_at", "uploaded_by", "state", "rows_done", "counts", "what_is_wrong"]
    list_display_links = ["pk", "name"]
    list_filter = ["state"]
    list_select_related = ["uploaded_by"]

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path(
                "upload/",
                inside(require_http_methods(["GET", "HEAD", "POST"])(self.upload)),
                name="movies_sheet_upload",
            ),
            path("<int:pk>/again/", inside(require_POST(self.read_again)), name="movies_sheet_again"),
            path("<int:pk>/report.csv", inside(require_safe(self.report)), name="movies_sheet_report"),
            *super().get_urls(),
        ]

    def upload(self, request: SignedInRequest) -> HttpResponse:
        form, status = UploadForm(request.POST or None, request.FILES or None), 200
        if request.method == "POST":
            form, status = UploadForm(request.POST, request.FILES), 400
            if form.is_valid():
                try:
                    sheet = arrivals.upload_sheet(actor=request.user, file=form.cleaned_data["file"])
                except StorageAway:
                    form.add_error("file", _("Files cannot be stored just now. Please try again in a minute."))
                    status = 503
                else:
                    messages.success(request, _("The file has arrived. It is read in a moment."))
                    return redirect("admin:movies_sheet_change", sheet.pk)
        context = {"title": _("Upload a file of coming releases"), "form": form, "headings": HEADINGS.items()}
        return render(
            request, "admin/movies/sheet/upload.html", self.admin_site.each_context(request) | context, status=status
        )

    def read_again(self, request: SignedInRequest, pk: int) -> HttpResponse:
        sheet = get_object_or_404(Sheet, pk=pk)
        if arrivals.read_again(actor=request.user, sheet=sheet):
            messages.success(request, _("The file is read again in a moment."))
        else:
            messages.error(request, _("This file is not to be read again."))
        return redirect("admin:movies_sheet_change", pk)

    def report(self, request: SignedInRequest, pk: int) -> StreamingHttpResponse:
        sheet = get_object_or_404(Sheet, pk=pk)
        disposition = {"Content-Disposition": f'attachment; filename="releases-{sheet.pk}.csv"'}
        return StreamingHttpResponse(report.written(sheet), content_type="text/csv; charset=utf-8", headers=disposition)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sheet = self.get_object(request, object_id)
        outcome, after = request.GET.get("outcome", ""), request.GET.get("after", "")
        outcome = outcome if outcome in SheetRow.Outcome.values else ""
        line = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
        rows = {
            "page": report.page_of(sheet, outcome=outcome, after=line) if sheet else None,
            "outcome": outcome,
            "outcomes": SheetRow.Outcome.choices,
        }
        return super().change_view(request, object_id, form_url, rows)

    @admin.display(description=gettext_lazy("where it lies"))
    def place(self, sheet: Sheet) -> str:
        return sheet.stored_as

    @admin.display(description=gettext_lazy("outcomes"))
    def counts(self, sheet: Sheet) -> str:
        told = [
            f"{outcome.label} {sheet.outcomes[outcome]}" for outcome in SheetRow.Outcome if outcome in sheet.outcomes
        ]
        return " · ".join(told) or "–"

    @admin.display(description=gettext_lazy("error"))
    def what_is_wrong(self, sheet: Sheet) -> str:
        return said(sheet.error) or "–"
