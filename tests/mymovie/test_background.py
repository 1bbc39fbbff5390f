import subprocess
import sys

from django.conf import settings

from mymovie import celery
from mymovie.background import TASKS, Task, task
from mymovie.outbox import services as outbox
from mymovie.outbox.models import Message

LOOK = """
import sys, mymovie.wsgi
print(*sys.modules.keys() & {"celery", "kombu", "billiard", "amqp", "pycurl"}, "and nothing else")
"""


def test_a_web_process_loads_nothing_of_celery() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert answer.stdout.split() == ["and", "nothing", "else"]


def test_workers_know_every_task_by_the_name_it_is_written_down_by(db: None) -> None:
    celery.learn_the_tasks()

    assert TASKS
    for name, known in TASKS.items():
        assert known.name == name
        assert name.rpartition(".")[0] in settings.CELERY_IMPORTS
        assert name in settings.CELERY_TASK_ROUTES
        assert celery.app.tasks[name].run == known.run
    outbox.add(TASKS["movies.sharing.tasks.paint_poster"], poster_id=7)
    assert Message.objects.get().task == "movies.sharing.tasks.paint_poster"


def test_called_it_is_done_here_and_now() -> None:
    done: list[int] = []

    def note(number: int) -> None:
        done.append(number)

    made = task(note)
    del TASKS[made.name]

    assert isinstance(made, Task)
    made(number=3)
    assert done == [3]
