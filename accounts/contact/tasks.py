from accounts.contact import jobs
from mymovie.background import task


@task
def mail_staff(notice_id: int | None = None) -> None:
    """Without a notice it is one that the version before this has queued: its message is found by the next look."""
    if notice_id is not None:
        jobs.mail_staff(notice_id)
