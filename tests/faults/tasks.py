"""What the workers of the drills are given to do. Imported by them with --include, by nobody else."""

import os
import time

from celery import shared_task
from django.db import connection

from mymovie.limits.models import Count


def note(name: str) -> None:
    """Once more; a row of its own says how often."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO limits_count (key, n, ends_at) VALUES (%s, 1, now()) "
            "ON CONFLICT (key) DO UPDATE SET n = limits_count.n + 1",
            [name],
        )


@shared_task
def work(name: str) -> None:
    """Safe to repeat: what is done is done."""
    time.sleep(0.02)
    Count.objects.get_or_create(key=f"done {name}", defaults={"n": 1, "ends_at": "2100-01-01T00:00Z"})


@shared_task
def fail(name: str) -> None:
    note(f"tried {name}")
    raise RuntimeError(name)


@shared_task
def kill_its_worker(name: str) -> None:
    note(f"tried {name}")
    os.kill(os.getpid(), 9)


@shared_task
def take_long(name: str) -> None:
    note(f"begun {name}")
    time.sleep(3)
    note(f"done {name}")


@shared_task
def tick(name: str) -> None:
    """As small as a task can be that leaves a trace."""
    note(f"done {name}")
