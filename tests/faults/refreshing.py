"""What each of the processes of a drill does: a worker's part of fetching facts. Imported before Django is set up."""

import random
from multiprocessing.synchronize import Barrier

import django
from django.conf import settings


def prepare(database: str, tmdb_url: str, token: str, line: Barrier) -> None:
    global start_line
    start_line = line
    settings.DATABASES["default"]["NAME"] = database
    settings.TMDB_URL, settings.TMDB_TOKEN = tmdb_url, token
    django.setup()


def refresh_all(films: list[int], seed: int) -> int:
    """All films, in an order of its own; how many of them this process brought up to date."""
    from django.db import connection
    from django.utils import timezone

    from movies.diary import jobs

    films = random.Random(seed).sample(films, len(films))
    connection.ensure_connection()
    since = timezone.now()
    start_line.wait(30)
    try:
        return sum(jobs.refresh_film(film, since) for film in films)
    finally:
        connection.close()
