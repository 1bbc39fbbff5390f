"""What people do with people. Whom one may not know of is not there: 404, as for a handle that nobody has."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people.circles import others_known_to
from accounts.people.limits import ACTS
from accounts.people.models import User
from accounts.people.services import following
from accounts.requests import SignedInRequest
from mymovie.limits.services import spend
from mymovie.pages import came_from


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A button pressed by somebody who is signed in, and not without end."""

    @login_required
    @require_POST
    @wraps(view)
    def counted(request: SignedInRequest, handle: str) -> HttpResponse:
        spend(ACTS, who=f"person {request.user.pk}")
        return view(request, handle)

    return counted


@act
def follow(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    try:
        made = following.follow(follower=request.user, followee=person)
    except following.OutOfSight as error:
        raise Http404 from error
    said = _("You follow %(name)s.") if made.accepted_at else _("You have asked to follow %(name)s.")
    return done(request, said, person)


@act
def unfollow(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    following.unfollow(follower=request.user, followee=person)
    return done(request, _("You no longer follow %(name)s."), person)


@act
def accept(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    following.accept(followee=request.user, follower=person)
    return done(request, _("%(name)s follows you."), person)


@act
def remove_follower(request: SignedInRequest, handle: str) -> HttpResponse:
    """Also how a request is declined. Who it was about is not told."""
    person = find_other(request, handle)
    following.unfollow(follower=person, followee=request.user)
    return done(request, _("%(name)s does not follow you."), person)


@act
def block(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    following.block(blocker=request.user, blocked=person)
    messages.success(request, _("You and %(name)s no longer see each other.") % {"name": person.display_name})
    return redirect("out_of_sight")


@act
def unblock(request: SignedInRequest, handle: str) -> HttpResponse:
    """The only act on somebody whom one does not see: they stand on one's own list."""
    mine = User.objects.filter(blocked_by__blocker=request.user, is_active=True)
    person = get_object_or_404(mine, handle=handle)
    following.unblock(blocker=request.user, blocked=person)
    return done(request, _("%(name)s is no longer blocked."), person)


@act
def mute(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    following.mute(follower=request.user, followee=person, is_muted=True)
    return done(request, _("%(name)s is gone from your feed."), person)


@act
def unmute(request: SignedInRequest, handle: str) -> HttpResponse:
    person = find_other(request, handle)
    following.mute(follower=request.user, followee=person, is_muted=False)
    return done(request, _("%(name)s is back in your feed."), person)


def find_other(request: SignedInRequest, handle: str) -> User:
    return get_object_or_404(others_known_to(request.user), handle=handle)


def done(request: SignedInRequest, said: str, person: User) -> HttpResponse:
    messages.success(request, said % {"name": person.display_name})
    return redirect(came_from(request, "wall", person.handle))
