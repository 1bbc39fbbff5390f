"""What templates say of reviews."""

from django import template

from movies.diary.reviews import SHORT, excerpt, rendered

register = template.Library()
register.filter("as_review", rendered)
register.filter("excerpt", excerpt)


@register.filter
def is_long(review: str) -> bool:
    return len(review) > SHORT


@register.filter
def beginning(review: str) -> str:
    """Of a long one, as much as stands in lists of them."""
    return excerpt(review, SHORT // 2)
