from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from movies.diary.export import DOWNLOADS, archive_of, name_of_archive
from movies.diary.letterboxd_export import letterboxd_of
from mymovie.limits.services import spend
from mymovie.uploads import StorageAway


@login_required
@require_safe
def my_data(request: SignedInRequest) -> HttpResponse:
    return render(request, "movies/diary/my_data.html", {"title": _("My data"), "trouble": False})


@login_required
@require_safe
def download(request: SignedInRequest) -> HttpResponse | FileResponse:
    spend(DOWNLOADS, who=f"person {request.user.pk}")
    try:
        file = archive_of(request.user)
    except StorageAway:
        context = {"title": _("My data"), "trouble": True}
        return render(request, "movies/diary/my_data.html", context, status=503)
    return FileResponse(
        file, as_attachment=True, filename=name_of_archive(request.user), content_type="application/zip"
    )


@login_required
@require_safe
def download_for_letterboxd(request: SignedInRequest) -> FileResponse:
    spend(DOWNLOADS, who=f"person {request.user.pk}")
    file, name, content_type = letterboxd_of(request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
