from accounts.people import jobs
from mymovie.background import task


@task
def paint_avatar(person_id: int, upload: str) -> None:
    jobs.paint_avatar(person_id, upload)


@task
def mail_request(notice_id: int) -> None:
    jobs.mail_request(notice_id)


@task
def mail_followers(notice_id: int) -> None:
    jobs.mail_followers(notice_id)
