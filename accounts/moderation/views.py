"""Telling staff of a person. What one may not see cannot be reported: 404, as for oneself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.moderation import services
from accounts.moderation.forms import ReportForm
from accounts.moderation.models import Subject
from accounts.people.circles import others_known_to
from accounts.people.models import User
from accounts.requests import SignedInRequest
from mymovie.limits.forms import may_send, told_when


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_profile(request: SignedInRequest, handle: str) -> HttpResponse:
    person = get_object_or_404(others_known_to(request.user), handle=handle)
    what = _("The profile of %(name)s") % {"name": person.display_name}
    return take_report(request, Subject.PROFILE, person.pk, person, what)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_wall(request: SignedInRequest, handle: str) -> HttpResponse:
    others = User.objects.with_wall_open_to(request.user).exclude(pk=request.user.pk)
    person = get_object_or_404(others, handle=handle)
    what = _("The wall of %(name)s") % {"name": person.display_name}
    return take_report(request, Subject.WALL, person.pk, person, what)


def take_report(
    request: SignedInRequest, subject: Subject, subject_id: int, person: User, what: str, *, back_to: str = ""
) -> HttpResponse:
    """`what` names the thing for whoever reports it; `person` is whose it is. `back_to`: where it stands, if not on their
    wall."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if may_send(form, services.REPORTS, who=f"person {request.user.pk}"):
        services.report(
            reporter=request.user, subject=subject, subject_id=subject_id, person=person, **form.cleaned_data
        )
        messages.success(request, _("Thank you. Our staff will look at it; nobody else learns that you told us."))
        return redirect(back_to or reverse("wall", args=[person.handle]))
    context = {"form": form, "what": what, "person": person, "back_to": back_to}
    page = render(request, "accounts/moderation/report.html", context, status=400 if form.is_bound else 200)
    return told_when(page, form)
