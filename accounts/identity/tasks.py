from accounts.identity import jobs
from mymovie.background import task


@task
def mail_leaving(notice_id: int) -> None:
    jobs.mail_leaving(notice_id)
