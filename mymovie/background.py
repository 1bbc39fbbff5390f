"""Tasks as those know them who write them down to be done: by their names. Celery learns of them where there is a worker. A web
process has no use for it: it takes 14 MB of two of them."""

from collections.abc import Callable
from typing import Any

TASKS: dict[str, "Task"] = {}


class Task:
    """What a worker carries out by its name; called, it is done here and now."""

    def __init__(self, run: Callable[..., None]) -> None:
        self.run = run
        self.name = f"{run.__module__}.{run.__name__}"

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        self.run(*args, **kwargs)


def task(run: Callable[..., None]) -> Task:
    """For functions in the modules that `CELERY_IMPORTS` names; their arguments are JSON."""
    made = Task(run)
    TASKS[made.name] = made
    return made
