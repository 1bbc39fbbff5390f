"""The site with limits that nobody reaches; they are counted and looked up as ever."""

import sys

import django

for name in ("greenlet", "pygments", "rich"):  # developers' tools bring them, libraries load them; the image has none
    sys.modules[name] = None  # type: ignore[assignment]
django.setup()

from mymovie.limits import services  # noqa: E402  # it has models

AsItIs = services.Limit
services.Limit = lambda name, most, span: AsItIs(name, 1_000_000_000, span)  # type: ignore[misc, assignment]

from mymovie.wsgi import application  # noqa: E402  # the limits of its views are made with it

__all__ = ["application"]
