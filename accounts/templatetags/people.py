"""What templates say of people."""

from django import template
from django.utils.crypto import salted_hmac

from accounts.models import User

register = template.Library()


@register.filter
def shown_address(url: str) -> str:
    """An address as it is read: without its scheme, and without a slash that ends it."""
    return url.partition("://")[2].removesuffix("/")


@register.simple_tag
def draft_secret(user: User) -> str:
    """Seals in somebody's browser what they type there: the same on each of their pages, and on nobody else's."""
    return salted_hmac("mymovie.drafts", str(user.pk), algorithm="sha256").hexdigest()
