import datetime
from dataclasses import asdict
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.identity import provider, services
from accounts.identity.failures import FAILURES
from accounts.identity.forms import WelcomeForm
from accounts.identity.proof import PROVED_AT
from accounts.identity.return_paths import own_path
from accounts.models import User
from accounts.people import display_names, handles
from accounts.people.models import DELETION_AFTER

UNFINISHED_FOR = 60 * 60  # seconds that a session lives in which nobody is signed in yet
STAFF_FOR = datetime.timedelta(hours=8)  # whoever leaves the provider's group is staff no longer than a working day

log = structlog.get_logger(__name__)


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """`again`: whoever is signed in proves once more who they are."""
    if is_under_another_name(request):
        return HttpResponseRedirect(settings.SITE_URL + request.get_full_path())
    back_to = own_path(request.GET.get("next", ""))
    is_again = "again" in request.GET
    if request.user.is_authenticated and not is_again:
        return redirect(back_to or settings.LOGIN_REDIRECT_URL)
    try:
        address = provider.begin(request, is_again=is_again, language=translation.get_language(), back_to=back_to)
    except provider.NotSetUp as error:
        return failed(request, error, back_to)
    if not request.user.is_authenticated:
        request.session.set_expiry(UNFINISHED_FOR)
    return HttpResponseRedirect(address)


def is_under_another_name(request: HttpRequest) -> bool:
    """`localhost` is the same machine as 127.0.0.1 and another site to browsers: they would come back from the provider
    without the session that asked."""
    return urlsplit(f"//{request.get_host()}").hostname == "localhost" != urlsplit(settings.SITE_URL).hostname


@require_safe
def sign_in_callback(request: HttpRequest) -> HttpResponse:
    """The provider sends people here, in whatever language; the memo knows theirs and where they were going."""
    memo = provider.recall(request)
    translation.activate(memo.get("language") or translation.get_language())
    back_to = memo.get("back_to", "")
    try:
        identity = provider.finish(request)
        user = services.recognise(identity=identity)
    except services.Leaving as leaving:
        return offer_to_stay(request, leaving.user, identity)
    except (provider.SignInFailed, services.Deactivated) as error:
        return failed(request, error, back_to)
    if user:
        return enter(request, user, back_to, identity.proved_at)
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
        except services.Leaving as leaving:
            return offer_to_stay(request, leaving.user, identity)
        except services.Deactivated as error:
            return failed(request, error, "")
        else:
            return enter(request, user, newcomer["back_to"], identity.proved_at)
    return render(request, "accounts/identity/welcome.html", {"form": form, "walls": f"{settings.SITE_URL}/@"})


def offer_to_stay(request: HttpRequest, user: User, identity: provider.Identity) -> HttpResponse:
    request.session.flush()
    request.session["leaving"] = {"pk": user.pk, "proved_at": identity.proved_at}
    request.session.set_expiry(UNFINISHED_FOR)
    return redirect("welcome_back")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome_back(request: HttpRequest) -> HttpResponse:
    """Whoever asked to be deleted has signed in again in time."""
    leaving = request.session.get("leaving", {"pk": None})
    user = User.objects.filter(pk=leaving["pk"]).first()
    if user is None or user.deletion_asked_at is None:
        return redirect("home")
    if request.method == "POST":
        try:
            return enter(request, services.stay(user=user), "", leaving["proved_at"])
        except services.Deactivated as error:
            return failed(request, error, "")
    return render(request, "accounts/identity/welcome_back.html", {"gone_at": user.deletion_asked_at + DELETION_AFTER})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(provider.sign_out_address() if provider.is_set_up() else resolve_url("home"))


def enter(request: HttpRequest, user: User, back_to: str, proved_at: int) -> HttpResponse:
    for begun in ("newcomer", "leaving"):
        request.session.pop(begun, None)
    login(request, user)
    request.session[PROVED_AT] = proved_at
    request.session.set_expiry(timezone.now() + STAFF_FOR if user.is_staff else None)  # a number would begin anew
    if not back_to:
        translation.activate(user.language)
    return redirect(back_to or settings.LOGIN_REDIRECT_URL)


def failed(request: HttpRequest, error: Exception, back_to: str) -> HttpResponse:
    log.warning("sign_in.failed", kind=type(error).__name__, reason=str(error)[:60])
    failure = FAILURES[type(error)]
    # The answer's code and state stay out of the links of the page.
    request.META["QUERY_STRING"] = ""
    context = {"failure": failure, "back_to": back_to}
    return render(request, "accounts/identity/sign_in_failed.html", context, status=failure.status)
