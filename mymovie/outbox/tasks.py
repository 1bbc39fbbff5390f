import datetime

from celery import Task, shared_task
from django.utils import timezone

from mymovie.outbox import jobs


@shared_task(bind=True)
def run_chore(self: Task, job: str) -> None:
    """The message's header `due_at`, in ISO 8601, says for when."""
    due_at = self.request.get("due_at")
    jobs.run_chore(job, datetime.datetime.fromisoformat(due_at) if due_at else timezone.now())
