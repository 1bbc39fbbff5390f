"""Django's admin, entered through the provider: staff are the members of its group, and there is no password here."""

from typing import NoReturn

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.identity.views.signing import sign_out


class StaffSite(AdminSite):
    site_title = site_header = _("Staff of MyMovie")
    index_title = _("What there is")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", ""), "sign_in")

    def logout(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:  # type: ignore[override]
        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: object = None) -> NoReturn:
        raise Http404
