from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.people import display_names, handles
from accounts.people.models import Language

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


class HandleField(serializers.CharField):
    """As people write it: capitals and an @ in front are none of it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"help_text": "1 to 15 of a–z, 0–9 and _", **kwargs})  # type: ignore[arg-type]

    def to_internal_value(self, data: str) -> str:
        handle = handles.tidy(super().to_internal_value(data))
        handles.validate(handle)
        return handle


class DisplayNameField(serializers.CharField):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"max_length": display_names.LONGEST, **kwargs})  # type: ignore[arg-type]

    def to_internal_value(self, data: str) -> str:
        name = display_names.tidy(super().to_internal_value(data))
        display_names.validate(name)
        return name


@extend_schema_serializer(
    examples=[OpenApiExample("Hanako", {"handle": "hanako", "display_name": "花子", "language": "ja"})]
)
class NewcomerSerializer(serializers.Serializer):
    """What a newcomer is called here."""

    handle = HandleField()
    display_name = DisplayNameField()
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
