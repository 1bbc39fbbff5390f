from movies.sharing import jobs
from mymovie.background import task


@task
def paint_picture(kind: str, pk: int, language: str, arrangement: str) -> None:
    jobs.paint_picture(kind, pk, language, arrangement)


@task
def paint_poster(poster_id: int) -> None:
    jobs.paint_poster(poster_id)
