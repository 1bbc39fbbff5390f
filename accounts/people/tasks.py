from celery import shared_task

from accounts.people import jobs


@shared_task
def paint_avatar(person_id: int, upload: str) -> None:
    jobs.paint_avatar(person_id, upload)
