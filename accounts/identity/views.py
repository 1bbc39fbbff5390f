from dataclasses import asdict

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.identity import provider, services
from accounts.identity.failures import FAILURES
from accounts.identity.forms import WelcomeForm
from accounts.identity.return_paths import own_path
from accounts.models import User
from accounts.people import display_names, handles

UNFINISHED_FOR = 60 * 60  # seconds that a session lives in which nobody is signed in yet
STAFF_FOR = 8 * 60 * 60  # seconds: whoever leaves the provider's group is staff no longer than a working day

log = structlog.get_logger(__name__)


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    back_to = own_path(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(back_to or settings.LOGIN_REDIRECT_URL)
    try:
        address = provider.begin(request, language=translation.get_language(), back_to=back_to)
    except provider.NotSetUp as error:
        return failed(request, error, back_to)
    request.session.set_expiry(UNFINISHED_FOR)
    return HttpResponseRedirect(address)


@require_safe
def sign_in_callback(request: HttpRequest) -> HttpResponse:
    """The provider sends people here, in whatever language; the memo knows theirs and where they were going."""
    memo = provider.recall(request)
    translation.activate(memo.get("language") or translation.get_language())
    back_to = memo.get("back_to", "")
    try:
        identity = provider.finish(request)
        user = services.recognise(identity=identity)
    except (provider.SignInFailed, services.Deactivated) as error:
        return failed(request, error, back_to)
    if user:
        return enter(request, user, back_to)
    request.session.flush()
    request.session["newcomer"] = {"identity": asdict(identity), "back_to": back_to}
    request.session.set_expiry(UNFINISHED_FOR)
    return redirect("welcome")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first sign-in: nobody has an account without a handle."""
    newcomer = request.session.get("newcomer")
    if newcomer is None:
        return redirect(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else "sign_in")
    identity = provider.Identity(**newcomer["identity"])
    form = WelcomeForm(
        request.POST if request.method == "POST" else None,
        initial={"handle": handles.suggest(identity.name), "display_name": display_names.suggest(identity.name)},
    )
    if form.is_valid():
        try:
            user = services.join(identity=identity, language=translation.get_language(), **form.cleaned_data)
        except services.HandleTaken:
            form.add_error("handle", handles.TAKEN)
        except services.Deactivated as error:
            return failed(request, error, "")
        else:
            return enter(request, user, newcomer["back_to"])
    return render(request, "accounts/identity/welcome.html", {"form": form, "walls": f"{settings.SITE_URL}/@"})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = HttpResponseRedirect(provider.sign_out_address() if provider.is_set_up() else resolve_url("home"))
    response.headers["Clear-Site-Data"] = '"storage"'  # a draft is not for whoever signs in next
    return response


def enter(request: HttpRequest, user: User, back_to: str) -> HttpResponse:
    request.session.pop("newcomer", None)
    login(request, user)
    request.session.set_expiry(STAFF_FOR if user.is_staff else None)
    return redirect(back_to or settings.LOGIN_REDIRECT_URL)


def failed(request: HttpRequest, error: Exception, back_to: str) -> HttpResponse:
    log.warning("sign_in.failed", kind=type(error).__name__, reason=str(error)[:60])
    failure = FAILURES[type(error)]
    # The answer's code and state stay out of the links of the page.
    request.META["QUERY_STRING"] = ""
    context = {"failure": failure, "back_to": back_to}
    return render(request, "accounts/identity/sign_in_failed.html", context, status=failure.status)
