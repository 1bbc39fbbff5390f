"""Every address of the site, as the resolver knows it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

API = "api:"


def names() -> set[str]:
    """Of every page, with its namespace; one without a name is a fault."""
    return {name for name, _view in _all() if not name.startswith(API)}


def operations() -> set[tuple[str, str]]:
    """Of the API: the name of each address, and each method that is taken there."""
    return {
        (name, method)
        for name, view in _all()
        if name.startswith(API)
        for method in getattr(view, "actions", {"get": view})
        if method != "head"
    }


def _all() -> Iterator[tuple[str, Any]]:
    return _those_of(get_resolver().url_patterns, "")


def _those_of(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _those_of(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback
