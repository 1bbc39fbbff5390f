from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.contact import services
from accounts.contact.forms import ContactForm
from accounts.requests import Request
from mymovie.limits.services import Exceeded, whoever_asks


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request) -> HttpResponse:
    """Open to visitors, who get no cookie here either: a CSRF token would need one.

    The form carries a stamp instead, signed for the very person who is signed in, or for anybody. Another site can
    have the latter, and with it writes no more than what it could write by itself; it cannot have a person's.
    """
    form = ContactForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_by_a_robot:
        return redirect("contact_sent")
    if form.is_valid():
        return send(request, form)
    return render(request, "accounts/contact/contact.html", {"form": form}, status=400 if form.is_bound else 200)


def send(request: Request, form: ContactForm) -> HttpResponse:
    try:
        services.write_to_staff(
            sender=request.user if request.user.is_authenticated else None,
            counted_as=whoever_asks(request),
            language=get_language(),
            **form.cleaned_data,
        )
    except Exceeded as error:
        form.add_error(
            None, _("You have written a lot within an hour. Your words are still here: please wait a while.")
        )
        response = render(request, "accounts/contact/contact.html", {"form": form}, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    return redirect("contact_sent")


@require_safe
def contact_sent(request: Request) -> HttpResponse:
    return render(request, "accounts/contact/sent.html")
