from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.moderation.models import Subject
from accounts.moderation.views import take_report
from accounts.requests import SignedInRequest
from movies.diary.models import Entry


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    others = Entry.objects.met_by(request.user).exclude(owner=request.user).select_related("owner", "film")
    entry: Any = get_object_or_404(others, pk=pk)
    what = _("“%(title)s” on the wall of %(name)s") % {"title": entry.film.title, "name": entry.owner.display_name}
    back_to = "" if entry.is_seen else reverse("entry", args=[entry.owner.handle, entry.film_id, entry.film.slug])
    return take_report(request, Subject.ENTRY, entry.pk, entry.owner, what, back_to=back_to)
