from celery import shared_task

from accounts.people import jobs


@shared_task
def paint_avatar(person_id: int, upload: str) -> None:
    jobs.paint_avatar(person_id, upload)


@shared_task
def mail_request(notice_id: int) -> None:
    jobs.mail_request(notice_id)


@shared_task
def mail_followers(notice_id: int) -> None:
    jobs.mail_followers(notice_id)
