from celery import shared_task

from accounts.contact import jobs


@shared_task
def mail_staff() -> None:
    jobs.mail_staff()
