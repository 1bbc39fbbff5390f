from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.identity.models import PersonalToken, Scope
from accounts.identity.tokens import LIFETIMES, USUAL_LIFETIME
from accounts.mail.models import Mailbox
from accounts.people import display_names, handles
from accounts.people.fields import (
    LONGEST_BIO,
    BioField,
    DisplayNameField,
    HandleField,
    WebAddressField,
    time_zones,
    validate_birth_date,
)
from accounts.people.models import DELETION_AFTER, ColorScheme, Language, User, Visibility
from accounts.people.serializers import HANAKO, AsTyped, AvatarSerializer, person_said
from mymovie.rest.conditional import digest
from mymovie.rest.fields import Id, Moment, Switch

CONFIG = {
    "issuer": "https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_ExAmPlE",
    "client_ids": ["4ex4mpl3cl13nt1d"],
    "scopes": ["openid", "profile", "email"],
    "authorization_endpoint": "https://sign-in.example.com/oauth2/authorize",
    "token_endpoint": "https://sign-in.example.com/oauth2/token",
    "revocation_endpoint": "https://sign-in.example.com/oauth2/revoke",
    "end_session_endpoint": "https://sign-in.example.com/logout",
}


@extend_schema_serializer(examples=[OpenApiExample("Cognito", CONFIG)])
class SignInSerializer(serializers.Serializer):
    """Where an app signs people in: authorization code with PKCE (S256), as a public client."""

    issuer = serializers.CharField()
    client_ids = serializers.ListField(
        child=serializers.CharField(), help_text="Those of the apps whose tokens we take."
    )
    scopes = serializers.ListField(child=serializers.CharField())
    authorization_endpoint = serializers.URLField()
    token_endpoint = serializers.URLField()
    revocation_endpoint = serializers.URLField()
    end_session_endpoint = serializers.URLField(help_text="Takes client_id and logout_uri.")


@extend_schema_serializer(
    examples=[OpenApiExample("Hanako", {"handle": "hanako", "display_name": "花子", "language": "ja"})]
)
class NewcomerSerializer(serializers.Serializer):
    """What a newcomer is called here."""

    handle = AsTyped(HandleField(), help_text="1 to 15 of a–z, 0–9 and _")
    display_name = AsTyped(DisplayNameField(), max_length=display_names.LONGEST)
    language = serializers.ChoiceField(Language.choices, required=False, help_text="Without, that of Accept-Language.")

    def validate_handle(self, handle: str) -> str:
        if not handles.is_free(handle):
            raise ValidationError(handles.TAKEN, code="taken")
        return handle


@extend_schema_serializer(
    examples=[OpenApiExample("By the name at the provider", {"handle": "hanako", "display_name": "花子"})]
)
class SuggestionSerializer(serializers.Serializer):
    """What a newcomer might be called; empty where their name at the provider suggests nothing."""

    handle = serializers.CharField()
    display_name = serializers.CharField()


NO_BIRTH_DATE = _("Without it we do not know how old you were.")
TOKEN = {
    "id": "3",
    "name": "backup",
    "scope": "read",
    "made_at": "2026-11-01T09:30:00Z",
    "used_at": "2026-11-24T18:00:00Z",
    "expires_at": "2027-01-30T09:30:00Z",
}
SECRET = "mymovie_q0Zr4yJ8mYB1xW6tQk2NcV5sLh7uAe3oGd9fIpXzKRw"  # noqa: S105 - an example

CHANGEABLE = (
    "handle",
    "display_name",
    "bio",
    "url",
    "birth_date",
    "shows_age",
    "shows_tags",
    "language",
    "time_zone",
    "color_scheme",
    "wall_visibility",
    "default_visibility",
)
ME = HANAKO | {
    "bio": "映画館で暮らしたい",
    "url": "https://hanako.example/",
    "birth_date": "1990-05-10",
    "shows_age": False,
    "shows_tags": False,
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "color_scheme": "system",
    "wall_visibility": "public",
    "default_visibility": "public",
    "avatar_is_pending": False,
    "avatar_is_unreadable": False,
    "films_count": 412,
    "followers_count": 38,
    "following_count": 51,
    "requests_count": 2,
    "gets_mail": True,
    "joined_at": "2026-02-01T09:30:00Z",
}


@extend_schema_serializer(examples=[OpenApiExample("Another name", {"display_name": "はなこ"}, request_only=True)])
class MyChangesSerializer(serializers.Serializer):
    """What is to change; the rest stays."""

    handle = AsTyped(HandleField(), help_text="1 to 15 of a–z, 0–9 and _. The old one leads to you for 90 days.")
    display_name = AsTyped(DisplayNameField(), max_length=display_names.LONGEST)
    bio = AsTyped(BioField(), max_length=LONGEST_BIO, allow_blank=True)
    url = AsTyped(WebAddressField(), max_length=200, allow_blank=True, help_text="One page of yours, http or https.")
    birth_date = serializers.DateField(
        allow_null=True, validators=[validate_birth_date], help_text="Never shown to anybody else."
    )
    shows_age = Switch(help_text="Your wall says how old you were; not without a birth date.")
    shows_tags = Switch(help_text="Whoever sees an entry of mine sees its tags.")
    language = serializers.ChoiceField(Language.choices, help_text="Of the site, and of our mail to you.")
    time_zone = AsTyped(
        forms.ChoiceField(choices=time_zones), help_text="When your day ends; by its name in the IANA's database."
    )
    color_scheme = serializers.ChoiceField(ColorScheme.choices)
    wall_visibility = serializers.ChoiceField(Visibility.choices, help_text="Who may see my wall.")
    default_visibility = serializers.ChoiceField(
        Visibility.choices, help_text="Who may see what I record, where I do not say."
    )

    def validate(self, changes: dict[str, Any]) -> dict[str, Any]:
        require_birth_date(self.context["request"].user, changes)
        return changes


def require_birth_date(me: User, changes: dict[str, Any]) -> None:
    """Of whoever shows how old they were. Raises ValidationError."""
    birth_date = changes.get("birth_date", me.birth_date)
    if changes.get("shows_age", me.shows_age) and not birth_date and changes.keys() & {"shows_age", "birth_date"}:
        raise serializers.ValidationError({"birth_date": NO_BIRTH_DATE}, code="required")


@extend_schema_serializer(examples=[OpenApiExample("Hanako, for herself", ME)])
class MeSerializer(MyChangesSerializer):
    """Everything of mine."""

    id = Id()
    avatar = AvatarSerializer(allow_null=True)
    avatar_is_pending = serializers.BooleanField(help_text="A new picture is being painted.")
    avatar_is_unreadable = serializers.BooleanField(help_text="The last picture could not be painted.")
    films_count = serializers.IntegerField(help_text="Those on my wall that are for everybody.")
    followers_count = serializers.IntegerField()
    following_count = serializers.IntegerField()
    requests_count = serializers.IntegerField(help_text="How many ask to follow me.")
    gets_mail = serializers.BooleanField(help_text="Whether you write to me; /me/mail says why not.")
    joined_at = Moment()

    def to_representation(self, me: User) -> dict[str, Any]:
        counts = {name: getattr(me, name) for name in ("followers_count", "following_count", "requests_count")}
        mailbox = Mailbox.objects.filter(pk=me.pk).first()
        return (
            person_said(me)
            | {name: getattr(me, name) for name in CHANGEABLE}
            | {
                "avatar_is_pending": bool(me.avatar_upload),
                "avatar_is_unreadable": me.avatar_is_unreadable,
                "films_count": me.films_shown,
                **counts,
                "gets_mail": bool(mailbox and mailbox.is_open),
                "joined_at": me.joined_at,
            }
        )


def version_of(me: User) -> str:
    return digest(me.pk, *(getattr(me, name) for name in CHANGEABLE))


@extend_schema_serializer(
    examples=[OpenApiExample("In two weeks", {"gone_at": "2026-12-09T02:00:00Z"}, status_codes=["202"])]
)
class LeavingSerializer(serializers.Serializer):
    """Until then whoever signs in can take it back."""

    gone_at = Moment()

    def to_representation(self, leaver: User) -> dict[str, Any]:
        return {"gone_at": leaver.deletion_asked_at and leaver.deletion_asked_at + DELETION_AFTER}


@extend_schema_serializer(examples=[OpenApiExample("A backup every night", TOKEN)])
class TokenSerializer(serializers.Serializer):
    """What a script shows instead of a sign-in. Itself it cannot be read again."""

    id = Id()
    name = serializers.CharField()
    scope = serializers.ChoiceField(Scope.choices)
    made_at = Moment()
    used_at = Moment(allow_null=True, help_text="Last, to the hour.")
    expires_at = Moment(allow_null=True)

    def to_representation(self, token: PersonalToken) -> dict[str, Any]:
        names = ("name", "scope", "made_at", "used_at", "expires_at")
        return {"id": str(token.pk)} | {name: getattr(token, name) for name in names}


@extend_schema_serializer(examples=[OpenApiExample("Made just now", TOKEN | {"used_at": None, "token": SECRET})])
class MadeTokenSerializer(TokenSerializer):
    """With the token itself, which is told this once."""

    token = serializers.CharField()

    def to_representation(self, token: PersonalToken) -> dict[str, Any]:
        return super().to_representation(token) | {"token": self.context["secret"]}


@extend_schema_serializer(
    examples=[OpenApiExample("For a quarter", {"name": "backup", "scope": "read", "expires_in_days": 90})]
)
class NewTokenSerializer(serializers.Serializer):
    name = AsTyped(DisplayNameField(), max_length=display_names.LONGEST, help_text="What you know it by.")
    scope = serializers.ChoiceField(Scope.choices)
    expires_in_days = serializers.ChoiceField(
        LIFETIMES, allow_null=True, default=USUAL_LIFETIME, help_text="null: never, until you revoke it."
    )
