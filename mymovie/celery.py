"""Celery on SQS. Why each setting stands as it does is said in settings.py, and held by checks.py."""

import datetime
import os
from importlib import import_module

import structlog
from celery import Celery, signals
from celery.app.task import Context
from django.conf import settings
from django.utils import timezone
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

from mymovie import queues
from mymovie.background import TASKS
from mymovie.schedule import CHORES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mymovie.settings")

OFTEN = datetime.timedelta(minutes=5)

TRANSPORT_ALIASES["sqs"] = "mymovie.transport:Transport"

app = Celery("mymovie")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, routing_key=name) for name in queues.NAMES]
# Beat begins to count when it is started: it asks more often than once a slot, so that what is due once a day is not put
# off by every start. Only the first to ask for a slot gets it.
app.conf.beat_schedule = {
    name: {
        "task": "mymovie.outbox.tasks.run_chore",
        "schedule": min(chore.every, OFTEN),
        "kwargs": {"job": name},
        "options": {"queue": chore.queue},
    }
    for name, chore in CHORES.items()
}
# Named, not imported: who only sends has no use for what asks queues, 6 MB of it.
app.steps["worker"].add("mymovie.transport:Alive")


@signals.import_modules.connect
def learn_the_tasks(**_: object) -> None:
    for module in settings.CELERY_IMPORTS:
        import_module(module)
    for task in TASKS.values():
        app.task(task.run, name=task.name)


@signals.before_task_publish.connect(sender="mymovie.outbox.tasks.run_chore")
def say_for_when(headers: dict[str, object], **_: object) -> None:
    """As EventBridge Scheduler does: three schedulers at once then speak of the same slot."""
    headers.setdefault("due_at", timezone.now().isoformat())


@signals.task_prerun.connect
def say_whose_work_this_is(task_id: str, task: object, **_: object) -> None:
    """What a worker logs carries the name of the request from which its task came."""
    request: Context = task.request  # type: ignore[attr-defined]
    structlog.contextvars.bind_contextvars(task=request.task, task_id=task_id, trace_id=request.get("trace_id") or "")


@signals.task_postrun.connect
def say_no_more(**_: object) -> None:
    structlog.contextvars.clear_contextvars()


@signals.setup_logging.connect
def log_as_the_site_does(**_: object) -> None:
    """Celery would put handlers of its own in place of ours."""
