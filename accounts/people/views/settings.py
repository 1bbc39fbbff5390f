"""One's own settings: a page each for what belongs together."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import FormView

from accounts.mail import services as mail
from accounts.people import handles
from accounts.people.circles import PEOPLE_ON_A_PAGE, blocked_by, muted_by
from accounts.people.forms import AvatarForm, DisplayForm, HandleForm, MailForm, PersonForm, PrivacyForm, ProfileForm
from accounts.people.limits import ADDRESS_OPENINGS, AVATAR_CHANGES, CHANGES, HANDLE_CHANGES
from accounts.people.services import avatars, profile
from accounts.requests import Request, SignedInRequest
from mymovie.limits.forms import may_send, told_when
from mymovie.limits.services import spend
from mymovie.paging import Cursor, page_after


class Settings(LoginRequiredMixin, FormView):
    """A form of columns of one's own."""

    http_method_names = ["get", "head", "post"]
    template_name = "accounts/people/settings.html"
    title: Any
    address: str
    limit = CHANGES
    request: SignedInRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.request.user}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, **context)

    def form_valid(self, form: PersonForm) -> HttpResponse:
        if form.has_changed():
            if not may_send(form, self.limit, who=f"person {self.request.user.pk}"):
                return self.form_invalid(form)
            self.change(form.changes)
        return self.saved()

    def change(self, changes: dict[str, Any]) -> None:
        profile.change_person(person=self.request.user, changes=changes)

    def form_invalid(self, form: PersonForm) -> HttpResponse:
        return told_when(self.render_to_response(self.get_context_data(form=form), status=400), form)

    def saved(self) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return redirect(self.address)


class ProfileSettings(Settings):
    title = gettext_lazy("Profile")
    address = "profile_settings"
    form_class = ProfileForm


class PrivacySettings(Settings):
    title = gettext_lazy("Privacy")
    address = "privacy_settings"
    form_class = PrivacyForm
    template_name = "accounts/people/privacy_settings.html"


class DisplaySettings(Settings):
    title = gettext_lazy("Language and display")
    address = "display_settings"
    form_class = DisplayForm

    def saved(self) -> HttpResponse:
        translation.activate(self.request.user.language)
        return super().saved()


class MailSettings(Settings):
    title = gettext_lazy("Mail")
    address = "mail_settings"
    form_class = MailForm
    template_name = "accounts/people/mail_settings.html"

    def change(self, changes: dict[str, Any]) -> None:
        mail.choose(user_pk=self.request.user.pk, switches=changes)


class AccountSettings(Settings):
    title = gettext_lazy("Account")
    address = "account_settings"
    form_class = HandleForm
    template_name = "accounts/people/account_settings.html"
    limit = HANDLE_CHANGES

    def form_valid(self, form: PersonForm) -> HttpResponse:
        if not may_send(form, self.limit, who=f"person {self.request.user.pk}"):
            return self.form_invalid(form)
        try:
            profile.change_handle(person=self.request.user, handle=form.cleaned_data["handle"])
        except profile.HandleTaken:
            form.add_error("handle", handles.TAKEN)
            return self.form_invalid(form)
        return self.saved()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def avatar_settings(request: SignedInRequest) -> HttpResponse:
    form = AvatarForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        spend(AVATAR_CHANGES, who=f"person {request.user.pk}")
        try:
            avatars.change_avatar(user=request.user, file=form.cleaned_data["avatar"])
        except avatars.StorageAway:
            form.add_error("avatar", _("Pictures cannot be stored just now. Please try again in a minute."))
            status = 503
        else:
            messages.success(request, _("Your picture has arrived. It is shown as soon as it is painted, in a moment."))
            return redirect("avatar_settings")
    context = {"form": form, "title": _("Picture")}
    return render(request, "accounts/people/avatar_settings.html", context, status=status)


@login_required
@require_POST
def remove_avatar(request: SignedInRequest) -> HttpResponse:
    avatars.remove_avatar(user=request.user)
    messages.success(request, _("Your picture is gone."))
    return redirect("avatar_settings")


@login_required
@require_POST
def use_address_again(request: SignedInRequest) -> HttpResponse:
    """It is the address that the provider vouches for; should mail come back once more, it is closed once more."""
    spend(ADDRESS_OPENINGS, who=f"person {request.user.pk}")
    mail.use_again(user_pk=request.user.pk)
    messages.success(request, _("We write to this address again."))
    return redirect("mail_settings")


@login_required
@require_safe
def out_of_sight(request: SignedInRequest) -> HttpResponse:
    """Whom one has blocked, page by page, and whom one has muted."""
    after = Cursor.read(request.GET["after"], int) if "after" in request.GET else None
    page, following = page_after(blocked_by(request.user), "pk", after, PEOPLE_ON_A_PAGE)
    context = {
        "title": _("Blocked and muted"),
        "blocks": page,
        "next": following,
        "muted": muted_by(request.user).order_by("-pk")[:PEOPLE_ON_A_PAGE],
    }
    return render(request, "accounts/people/out_of_sight.html", context)


@require_safe
def settings(request: Request) -> HttpResponse:
    return redirect("profile_settings")
