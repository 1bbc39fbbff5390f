from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.identity import tokens
from accounts.identity.forms import TokenForm
from accounts.identity.models import Scope
from accounts.people.limits import CHANGES
from accounts.requests import SignedInRequest
from mymovie.limits.forms import may_send, told_when


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_settings(request: SignedInRequest) -> HttpResponse:
    """A token stands in the answer to the form that made it, and nowhere else: neither in an address nor in a session."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = make(request, form) if may_send(form, CHANGES, who=f"person {request.user.pk}") else ""
    context = {
        "title": _("Personal tokens"),
        "secret": secret,
        "form": TokenForm() if secret else form,
        "tokens": tokens.tokens_of(request.user),
        "now": timezone.now(),
    }
    status = 400 if form.is_bound and not secret else 200
    return told_when(render(request, "accounts/identity/tokens.html", context, status=status), form)


def make(request: SignedInRequest, form: TokenForm) -> str:
    """The token; empty where there are too many, which the form then says."""
    asked = form.cleaned_data
    try:
        _made, secret = tokens.make_token(
            owner=request.user,
            name=asked["name"],
            scope=Scope(asked["scope"]),
            expires_at=tokens.end_of(asked["lifetime"]),
        )
    except tokens.TooManyTokens:
        form.add_error(None, _("You have as many tokens as can be. Revoke one first."))
        return ""
    return secret


@login_required
@require_POST
def revoke_token(request: SignedInRequest, pk: int) -> HttpResponse:
    tokens.revoke_token(token=get_object_or_404(tokens.tokens_of(request.user), pk=pk))
    messages.success(request, _("The token no longer works."))
    return redirect("token_settings")
