from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.identity import services
from accounts.identity.proof import proof_required
from accounts.people.models import DELETION_AFTER
from accounts.requests import Request, SignedInRequest


@proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        services.leave(user=request.user)
        logout(request)
        response = redirect("goodbye")
        response.headers["Clear-Site-Data"] = '"storage"'
        return response
    return render(request, "accounts/identity/delete_account.html", {"gone_at": timezone.now() + DELETION_AFTER})


@require_safe
def goodbye(request: Request) -> HttpResponse:
    return render(request, "accounts/identity/goodbye.html", {"days": DELETION_AFTER.days})
