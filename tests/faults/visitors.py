"""Whom a seeded site knows, as JSON: `python -m tests.faults.visitors NUMBER`, told of its database by the environment.

Walls and films that are looked at, and people who are signed in, each with a session and its token for forms.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.middleware.csrf import CSRF_SESSION_KEY  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from accounts.models import User  # noqa: E402
from movies.catalog.models import Film  # noqa: E402
from tests.bench.pages import signed_in  # noqa: E402


def person(someone: User) -> dict[str, str]:
    cookie = signed_in(someone)["Cookie"]
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(cookie.partition("=")[2])
    token = session[CSRF_SESSION_KEY] = get_random_string(32)
    session.save()
    return {"handle": someone.handle, "cookie": cookie, "token": token}


def main(number: int) -> None:
    shown = User.objects.filter(films_shown__gt=0, is_active=True).order_by("pk")
    films = Film.objects.order_by("pk")[:number]
    known = {
        "walls": list(shown.filter(wall_visibility="public").values_list("handle", flat=True)[:number]),
        "films": [[film.pk, film.get_absolute_url()] for film in films],
        "people": [person(someone) for someone in shown[:number]],
    }
    print(json.dumps(known))


if __name__ == "__main__":
    main(int(sys.argv[1]))
