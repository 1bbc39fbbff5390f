from celery import shared_task

from accounts.contact import jobs


@shared_task
def mail_staff(notice_id: int) -> None:
    jobs.mail_staff(notice_id)
