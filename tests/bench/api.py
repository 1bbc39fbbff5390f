"""What the API costs: a wall of 60 films, beside a bare view of the same rows by values() and orjson. By hand:

.venv/bin/pytest -s tests/bench/api.py
"""

import gzip
import json
import random
import statistics
import string
import time
from collections.abc import Callable

import brotli
import orjson
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import RequestFactory

from accounts.models import User
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.catalog.serializers import SIZES
from movies.diary.api.walls import Walls
from movies.diary.models import Entry, EntryQuerySet
from mymovie.rest.quotas import MINUTE, Quota
from tests.factories import EntryFactory, UserFactory

ROUNDS, CALLS = 15, 20


def plain_wall(request: HttpRequest, handle: str) -> HttpResponse:
    """The same without DRF and limits: whose wall it is, and what of it may be seen, has to be found out all the same."""
    owner = get_object_or_404(User.objects.with_wall_open_to(AnonymousUser()), handle=handle)
    return written(Entry.objects.filter(owner=owner).seen_by(AnonymousUser()))


def bare_wall(request: HttpRequest, owner_id: int) -> HttpResponse:
    """The same rows, as fast as Django gets and writes them, for whoever asks."""
    return written(Entry.objects.filter(owner=owner_id, deleted_at=None))


def written(entries: EntryQuerySet) -> HttpResponse:
    columns = ["pk", "score", "watched_on", "recorded_at", "film__pk", "film__title_ja", "film__original_title"]
    columns += [
        "film__japan_on",
        "film__japan_precision",
        "film__world_on",
        "film__world_precision",
        "film__poster_path",
    ]
    rows = entries.order_by("-japan_on", "-pk").values(*columns)[:60]
    results = [
        {
            "id": str(row["pk"]),
            "film": {
                "id": str(row["film__pk"]),
                "title": row["film__title_ja"] or row["film__original_title"],
                "original_title": row["film__original_title"],
                "year": row["film__world_on"].year,
                "japan": {"on": row["film__japan_on"], "precision": row["film__japan_precision"]},
                "world": {"on": row["film__world_on"], "precision": row["film__world_precision"]},
                "poster": {"is_drawn": False}
                | {size: tmdb.image_url(row["film__poster_path"], size) for size in SIZES},
            },
            "score": row["score"],
            "watched_on": row["watched_on"],
            "recorded_at": row["recorded_at"],
            "visibility": None,
        }
        for row in rows
    ]
    return HttpResponse(orjson.dumps({"results": results, "next": None}, option=orjson.OPT_UTC_Z))


def milliseconds(call: Callable[[], object]) -> float:
    begun = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - begun) * 1000 / CALLS


@pytest.mark.django_db
def test_a_wall_of_sixty(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walls, "read_quota", Quota.of("read", person=10**9, token=10**9, address=10**9, span=MINUTE))
    call_command("load_catalogue")
    owner = UserFactory(handle="owner")
    dice = random.Random(60)
    for film in Film.objects.exclude(world_on=None).exclude(japan_on=None).order_by("pk")[:60]:
        film.poster_path = f"/{''.join(dice.choices(string.ascii_letters + string.digits, k=27))}.jpg"
        film.save()
        EntryFactory(owner=owner, film=film, score=dice.randrange(101))
    connection.cursor().execute("ANALYZE")
    wall = Walls.as_view({"get": "list"})

    def as_answered() -> HttpResponse:
        response: HttpResponse = wall(rf.get("/api/v1/people/owner/wall"), handle="owner")
        return response

    calls: dict[str, Callable[[], HttpResponse]] = {
        "API": as_answered,
        "plain view": lambda: plain_wall(rf.get("/"), "owner"),
        "bare view": lambda: bare_wall(rf.get("/"), owner.pk),
    }
    bodies = {name: call().content for name, call in calls.items()}
    assert len(orjson.loads(bodies["API"])["results"]) == 60
    assert len({json.dumps(orjson.loads(body)) for body in bodies.values()}) == 1

    took: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            took[name].append(milliseconds(call))
    median = {name: statistics.median(times) for name, times in took.items()}

    body = bodies["API"]
    print(
        f"\n{len(body)} bytes, {len(gzip.compress(body, 6))} by gzip, {len(brotli.compress(body, quality=5))} by brotli"
    )
    for name, each in median.items():
        print(f"{name}: {each:.2f} ms; the API has {each / median['API']:.0%} of its speed")
