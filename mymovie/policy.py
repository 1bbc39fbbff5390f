"""The Content-Security-Policy of django-csp, put together once for the pages that change nothing about it."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_changed = hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response))
        if is_changed or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
