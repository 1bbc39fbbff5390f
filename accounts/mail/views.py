from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.mail import services, unsubscribing
from accounts.mail.models import Mailbox
from mymovie.caching import asks_nobody


@asks_nobody
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the proof: mail programs post here without cookies (RFC 8058), and people without signing in."""
    try:
        user_pk, kind = unsubscribing.read(token)
    except BadSignature as error:
        raise Http404 from error
    mailbox = Mailbox.objects.select_related("user").filter(pk=user_pk).first()
    if mailbox is None:
        raise Http404
    if request.method == "POST":
        services.turn_off(user_pk=user_pk, kind=kind)
    with translation.override(mailbox.user.language):
        context = {"token": token, "kind": kind.label, "is_off": request.method == "POST" or not mailbox.wants(kind)}
        return render(request, "accounts/mail/unsubscribe.html", context)
