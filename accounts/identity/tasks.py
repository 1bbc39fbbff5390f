from celery import shared_task

from accounts.identity import jobs


@shared_task
def mail_leaving(notice_id: int) -> None:
    jobs.mail_leaving(notice_id)
