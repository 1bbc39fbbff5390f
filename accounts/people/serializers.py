"""What the API says of people: what their pages say."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.people.avatars import SIZES
from accounts.people.models import User
from mymovie.rest.fields import Id

HANAKO = {"id": "7", "handle": "hanako", "display_name": "花子", "avatar": None}


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
