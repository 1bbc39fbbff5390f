"""What our middleware has put on a request, for the type checker."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.people.models import User


class Request(HttpRequest):
    user: User | AnonymousUser
    htmx: HtmxDetails


class SignedInRequest(Request):
    """One that `login_required` let through."""

    user: User
