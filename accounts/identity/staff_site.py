"""Django's admin, entered through the provider: staff are the members of its group, and there is no password here."""

from functools import wraps
from typing import Any, NoReturn, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.identity.views.signing import sign_out
from mymovie.caching import View


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

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Django looks for the field of a row that an address names, and fails where it names the empty one."""
        shown = super().admin_view(view, cacheable)

        @wraps(shown)
        def checked(request: HttpRequest, *args: Any, **named: Any) -> Any:
            if "" in {request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)}:
                raise BadRequest("no field")
            return shown(request, *args, **named)

        return cast(View, checked)

    def password_change(self, request: HttpRequest, extra_context: object = None) -> NoReturn:
        raise Http404
