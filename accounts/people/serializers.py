"""What the API says of people: what their pages say."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.mail.models import SWITCHES, Mailbox
from accounts.people.avatars import SIZES, validate_avatar
from accounts.people.models import Follow, User
from mymovie.rest.conditional import digest
from mymovie.rest.fields import Id, Switch

HANAKO = {"id": "7", "handle": "hanako", "display_name": "花子", "avatar": None}
PROFILE = HANAKO | {
    "bio": "映画館で暮らしたい",
    "url": "https://hanako.example/",
    "wall": "open",
    "films_count": 412,
    "followers_count": 38,
    "following_count": 51,
    "me": {"is_me": False, "follow": "following", "is_muted": False, "follows_me": True},
}
MAIL = {"state": "open", "wants_reminders": True, "wants_requests": True, "wants_followers": False}


class AsTyped(serializers.CharField):
    """Takes what a field of a form takes, and says the same of what it does not."""

    def __init__(self, field: forms.Field, **kwargs: Any) -> None:
        self.field = field
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")  # a number is no text
        return self.field.clean(super().to_internal_value(data))


class AvatarSerializer(serializers.Serializer):
    """Addresses of somebody's picture, by width and height in pixels."""

    s64 = serializers.URLField()
    s128 = serializers.URLField()
    s512 = serializers.URLField()


@extend_schema_serializer(examples=[OpenApiExample("Hanako", HANAKO)])
class PersonSerializer(serializers.Serializer):
    """Somebody, as they stand in lists."""

    id = Id()
    handle = serializers.CharField(help_text="The name in their address; it may change, their id does not.")
    display_name = serializers.CharField()
    avatar = AvatarSerializer(allow_null=True)

    def to_representation(self, person: User) -> dict[str, Any]:
        return person_said(person)


def person_said(person: User) -> dict[str, Any]:
    return {
        "id": str(person.pk),
        "handle": person.handle,
        "display_name": person.display_name,
        "avatar": avatar_said(person),
    }


def avatar_said(person: User) -> dict[str, str] | None:
    if not person.avatar:
        return None
    return {f"s{size}": settings.SITE_URL + reverse("avatar", args=[person.avatar, size]) for size in SIZES}


class FollowState(models.TextChoices):
    NONE = "none"
    ASKED = "asked"
    FOLLOWING = "following"


class Openness(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


@extend_schema_serializer(examples=[OpenApiExample("They follow each other", PROFILE["me"])])
class BetweenUsSerializer(serializers.Serializer):
    """What stands between somebody and who asks."""

    is_me = serializers.BooleanField()
    follow = serializers.ChoiceField(FollowState.choices, help_text="Whether I follow them, or have asked to.")
    is_muted = serializers.BooleanField(help_text="I follow them, and my feed leaves them out.")
    follows_me = serializers.BooleanField()


def between(me: User, person: User) -> dict[str, Any]:
    follows = {
        follow.follower_id: follow
        for follow in Follow.objects.filter(
            Q(follower=me, followee=person) | Q(follower=person, followee=me),
        )
    }
    mine, theirs = follows.get(me.pk), follows.get(person.pk)
    return {
        "is_me": person == me,
        "follow": state_of(mine),
        "is_muted": bool(mine and mine.is_muted),
        "follows_me": state_of(theirs) == FollowState.FOLLOWING,
    }


def state_of(follow: Follow | None) -> FollowState:
    if follow is None:
        return FollowState.NONE
    return FollowState.FOLLOWING if follow.accepted_at else FollowState.ASKED


@extend_schema_serializer(examples=[OpenApiExample("Hanako, for one of her followers", PROFILE)])
class ProfileSerializer(PersonSerializer):
    """Somebody, as far as who asks may see them. What a closed wall hides is null."""

    bio = serializers.CharField()
    url = serializers.CharField(help_text="Of a page of theirs, or empty.")
    wall = serializers.ChoiceField(Openness.choices, help_text="Whether who asks may see it.")
    films_count = serializers.IntegerField(allow_null=True, help_text="Those on the wall that are for everybody.")
    followers_count = serializers.IntegerField(allow_null=True)
    following_count = serializers.IntegerField(allow_null=True)
    me = BetweenUsSerializer(allow_null=True, help_text="null where nobody is signed in.")

    def to_representation(self, person: User) -> dict[str, Any]:
        viewer, is_open = self.context["request"].user, self.context["is_open"]
        return person_said(person) | {
            "bio": person.bio,
            "url": person.url,
            "wall": Openness.OPEN if is_open else Openness.CLOSED,
            "films_count": person.films_shown if is_open else None,
            "followers_count": person.followers_count if is_open else None,
            "following_count": person.following_count if is_open else None,
            "me": between(viewer, person) if viewer.is_authenticated else None,
        }


@extend_schema_serializer(examples=[OpenApiExample("Leave them out of my feed", {"is_muted": True})])
class MutingSerializer(serializers.Serializer):
    is_muted = Switch()


class NewAvatarSerializer(serializers.Serializer):
    """A file of PNG, JPEG, WebP or AVIF."""

    avatar = serializers.FileField(validators=[validate_avatar])


class MailState(models.TextChoices):
    """Whether we write to somebody, and why not."""

    OPEN = "open"
    NO_ADDRESS = "no-address"
    BOUNCED = "bounced"
    UNWANTED = "unwanted"

    @classmethod
    def of(cls, mailbox: Mailbox) -> "MailState":
        if not mailbox.address:
            return cls.NO_ADDRESS
        if mailbox.complained_at:
            return cls.UNWANTED
        return cls.BOUNCED if mailbox.bounced_at else cls.OPEN


@extend_schema_serializer(examples=[OpenApiExample("Without new followers", MAIL)])
class MailSerializer(serializers.Serializer):
    """What I am told by mail. What concerns the account itself I am told in any case."""

    state = serializers.ChoiceField(
        MailState.choices,
        read_only=True,
        help_text="Whether you are written to: your sign-in provider may have verified no address, mail may have come "
        "back, or have been called unwanted.",
    )
    wants_reminders = Switch(help_text="Reminders of films that I wait for.")
    wants_requests = Switch(help_text="Requests to follow me.")
    wants_followers = Switch(help_text="New followers, once a day at most.")

    def to_representation(self, mailbox: Mailbox) -> dict[str, Any]:
        switches = {name: getattr(mailbox, name) for name in SWITCHES.values()}
        return {"state": MailState.of(mailbox)} | switches


def version_of_mail(mailbox: Mailbox) -> str:
    return digest(mailbox.pk, *(getattr(mailbox, name) for name in SWITCHES.values()))
