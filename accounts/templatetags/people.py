"""What templates say of people."""

from django import template

register = template.Library()


@register.filter
def shown_address(url: str) -> str:
    """An address as it is read: without its scheme, and without a slash that ends it."""
    return url.partition("://")[2].removesuffix("/")
