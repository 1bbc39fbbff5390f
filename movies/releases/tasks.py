from movies.releases import jobs
from mymovie.background import task
from mymovie.outbox import services as outbox


@task
def take_sheet(sheet_id: int) -> None:
    if jobs.take_sheet(sheet_id):
        outbox.add(take_sheet, dedupe_key=sheet_key(sheet_id), sheet_id=sheet_id)


def sheet_key(sheet_id: int) -> str:
    return f"sheet {sheet_id}"


@task
def send_reminder(notice_id: int) -> None:
    jobs.send_reminder(notice_id)
