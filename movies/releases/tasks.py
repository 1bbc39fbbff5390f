from celery import shared_task

from movies.releases import jobs


@shared_task
def send_reminder(notice_id: int) -> None:
    jobs.send_reminder(notice_id)
