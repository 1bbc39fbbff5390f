"""Where SNS tells us what became of our mail."""

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.mail import sns
from accounts.mail.events import UnreadableEvent, take_event

LARGEST = 256 * 1024  # bytes; what SNS sends at most

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def mail_events(request: HttpRequest) -> HttpResponse:
    """Nobody signs in here: what counts is SNS's signature. What we do not understand is taken, and logged, or SNS would
    send it for hours."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        message = sns.read(body)
        if message.kind == "Notification":
            take_event(message.text)
        elif message.kind == "SubscriptionConfirmation":
            sns.confirm(message)
    except sns.Away as error:
        log.warning("mail.events_waiting", reason=str(error))
        return HttpResponse(status=503)
    except sns.SnsError as error:
        log.warning("mail.foreign_event", reason=str(error))
        return HttpResponse(status=403)
    except UnreadableEvent as error:
        log.warning("mail.unreadable_event", kind=str(error))
    return HttpResponse()
