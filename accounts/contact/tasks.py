from celery import shared_task

from accounts.contact import jobs


@shared_task(queue="mail-urgent")
def mail_staff() -> None:
    jobs.mail_staff()
