import datetime
import tempfile

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from movies.diary.export import name_of_archive, write_archive
from mymovie.limits.services import Limit, spend
from mymovie.uploads import StorageAway

DOWNLOADS = Limit("download", 10, datetime.timedelta(hours=1))
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger archive lies on disk while it is sent


@login_required
@require_safe
def my_data(request: SignedInRequest) -> HttpResponse:
    return render(request, "movies/diary/my_data.html", {"title": _("My data"), "trouble": False})


@login_required
@require_safe
def download(request: SignedInRequest) -> HttpResponse | FileResponse:
    spend(DOWNLOADS, who=f"person {request.user.pk}")
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        write_archive(request.user, file)
    except StorageAway:
        file.close()
        context = {"title": _("My data"), "trouble": True}
        return render(request, "movies/diary/my_data.html", context, status=503)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=name_of_archive(request.user), content_type="application/zip"
    )
