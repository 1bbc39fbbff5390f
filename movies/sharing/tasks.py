from celery import shared_task

from movies.sharing import jobs


@shared_task
def paint_picture(kind: str, pk: int, language: str, arrangement: str) -> None:
    jobs.paint_picture(kind, pk, language, arrangement)


@shared_task
def paint_poster(poster_id: int) -> None:
    jobs.paint_poster(poster_id)
