"""One's own wall as a sheet to print."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from movies.sharing import services
from movies.sharing.forms import PosterForm
from movies.sharing.models import WallPoster
from movies.sharing.works import MOST_ON_A_SHEET
from mymovie.limits.forms import may_send, told_when
from mymovie.uploads import StorageAway, kept_files

SHOWN = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def poster_settings(request: SignedInRequest) -> HttpResponse:
    form = PosterForm(request.POST or None)
    if request.method == "POST" and may_send(form, services.POSTERS, who=f"person {request.user.pk}"):
        services.order_poster(owner=request.user, language=get_language() or "ja", **form.cleaned_data)
        messages.success(request, _("Your poster is being painted. That takes about a minute."))
        return redirect("poster_settings")
    context = {"title": _("Poster to print"), "form": form, "most": MOST_ON_A_SHEET, **_posters(request)}
    status = 400 if form.is_bound else 200
    return told_when(render(request, "movies/sharing/poster_settings.html", context, status=status), form)


@login_required
@require_safe
def poster_progress(request: SignedInRequest) -> HttpResponse:
    """The list alone, for the page that shows it already; others are led to that."""
    if not request.htmx:
        return redirect("poster_settings")
    return render(request, "movies/sharing/_posters.html", _posters(request))


def _posters(request: SignedInRequest) -> dict[str, object]:
    posters = list(WallPoster.objects.filter(owner=request.user).order_by("-pk")[:SHOWN])
    return {"posters": posters, "is_waiting": any(poster.state == WallPoster.State.WAITING for poster in posters)}


@login_required
@require_safe
def download_poster(request: SignedInRequest, pk: int) -> HttpResponse | FileResponse:
    ready = WallPoster.objects.filter(owner=request.user, state=WallPoster.State.READY)
    poster = get_object_or_404(ready, pk=pk)
    try:
        with kept_files() as storage:
            file = storage.open(poster.stored_as)
            file.read(1)  # only now it is asked for
            file.seek(0)
    except FileNotFoundError as error:
        raise Http404 from error
    except StorageAway:
        messages.error(request, _("The files are out of reach for a moment. Please try again soon."))
        return redirect("poster_settings")
    name = f"mymovie-{request.user.handle}-{poster.asked_at:%Y%m%d}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
