"""The floor under our pages: Django as it comes, with two middlewares and no more on a page than sixty posters.

`hello` is the ceiling of requests. The walls show the same rows of the same database as ours do, made in the ways that
one may make them; `/cached` and `/api` stand beside our cached wall and our list in the API.
"""

import os

import dj_database_url
import django
import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import path
from django.utils.html import escape

WALL = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ owner }}</title><link rel="stylesheet" href="/static/wall.css"></head>
<body><header><a href="/">Films</a></header><main><h1>{{ owner }}</h1><ol>
{% for entry in entries %}<li><a href="/films/{{ entry.film.id }}/"><img src="/posters/{{ entry.film.id }}.svg" srcset="/posters/{{ entry.film.id }}.svg 1x, /posters/{{ entry.film.id }}-2.svg 2x" width="342" height="513" loading="lazy" alt="{{ entry.film.title_ja }}"><span>{{ entry.film.title_ja }}</span></a><span lang="en">{{ entry.film.title_en }}</span><time datetime="{{ entry.japan_on|date:'Y-m-d' }}">{{ entry.japan_on|date:'Y-m-d' }}</time><b>{% if entry.score is not None %}{{ entry.score }}{% endif %}</b></li>
{% endfor %}</ol></main></body></html>"""

if not settings.configured:
    database = dj_database_url.parse(os.environ["DATABASE_URL"])
    database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8}}
    settings.configure(
        SECRET_KEY="measured on loopback only",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database},
        USE_TZ=True,
        LOGGING_CONFIG=None,
        INSTALLED_APPS=["django.contrib.contenttypes"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"wall.html": WALL})]},
            }
        ],
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402  # these want settings
from django.db import connection, models  # noqa: E402
from django.template.loader import get_template  # noqa: E402


class Film(models.Model):
    title_ja = models.TextField()
    title_en = models.TextField()
    original_title = models.TextField()
    japan_on = models.DateField(null=True)
    world_on = models.DateField(null=True)
    poster_path = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label, db_table, managed = "floor", "movies_film", False


class Entry(models.Model):
    owner_id = models.BigIntegerField()
    film = models.ForeignKey(Film, models.DO_NOTHING)
    score = models.SmallIntegerField(null=True)
    japan_on = models.DateField(null=True)
    watched_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        app_label, db_table, managed = "floor", "movies_entry", False


ROWS = """SELECT f.id, f.title_ja, f.title_en, e.japan_on, e.score FROM movies_entry e JOIN movies_film f ON f.id = e.film_id
WHERE e.owner_id = %s AND e.deleted_at IS NULL AND e.visibility = 'public'
ORDER BY e.japan_on DESC NULLS LAST, e.id DESC LIMIT 60"""
OWNER = "SELECT handle, public_revision FROM accounts_user WHERE id = %s"


def asked(statement: str, *arguments: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"hello")


def of_owner(owner: int) -> models.QuerySet[Entry]:
    latest_first = models.F("japan_on").desc(nulls_last=True), "-id"
    return Entry.objects.filter(owner_id=owner, deleted_at=None).order_by(*latest_first)[:60]


def rendered(owner: int, entries: object) -> HttpResponse:
    [[handle, _revision]] = asked(OWNER, owner)
    return HttpResponse(get_template("wall.html").render({"owner": handle, "entries": entries}))


def by_objects(request: HttpRequest, owner: int) -> HttpResponse:
    return rendered(owner, of_owner(owner).select_related("film"))


def by_values(request: HttpRequest, owner: int) -> HttpResponse:
    rows = of_owner(owner).values("film_id", "film__title_ja", "film__title_en", "japan_on", "score")
    films = [
        row | {"film": {"id": row["film_id"], "title_ja": row["film__title_ja"], "title_en": row["film__title_en"]}}
        for row in rows
    ]
    return rendered(owner, films)


def by_hand(request: HttpRequest, owner: int) -> HttpResponse:
    [[handle, _revision]] = asked(OWNER, owner)
    return HttpResponse(written(handle, asked(ROWS, owner)))


HEAD, _, TAIL = WALL.partition("{% for entry in entries %}")
TAIL = TAIL.partition("{% endfor %}")[2]


def written(handle: str, rows: list[tuple]) -> str:
    cards = []
    for film, japanese, english, day, score in rows:
        title = escape(japanese)
        cards.append(
            f'<li><a href="/films/{film}/"><img src="/posters/{film}.svg" srcset="/posters/{film}.svg 1x, '
            f'/posters/{film}-2.svg 2x" width="342" height="513" loading="lazy" alt="{title}"><span>{title}</span></a>'
            f'<span lang="en">{escape(english)}</span><time datetime="{day}">{day}</time>'
            f"<b>{'' if score is None else score}</b></li>"
        )
    return HEAD.replace("{{ owner }}", escape(handle)) + "\n".join(cards) + TAIL


KEPT: dict[str, str] = {}


def cached(request: HttpRequest, owner: int) -> HttpResponse:
    """By a revision: one statement, and 304 or a body that was made before."""
    [[handle, revision]] = asked(OWNER, owner)
    etag = f'"{owner}-{revision}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    if etag not in KEPT:
        KEPT[etag] = written(handle, asked(ROWS, owner))
    return HttpResponse(KEPT[etag], headers={"ETag": etag})


SAID = ["id", "score", "watched_on", "recorded_at", "film_id"] + [
    f"film__{name}"
    for name in ["title_ja", "title_en", "original_title", "japan_on", "world_on", "poster_path", "changed_at"]
]


def api(request: HttpRequest, owner: int) -> HttpResponse:
    rows = of_owner(owner).values(*SAID)
    return HttpResponse(orjson.dumps(list(rows)), content_type="application/json")


urlpatterns = [
    path("hello", hello),
    path("objects/<int:owner>", by_objects),
    path("values/<int:owner>", by_values),
    path("hand/<int:owner>", by_hand),
    path("cached/<int:owner>", cached),
    path("api/<int:owner>", api),
]

application = get_wsgi_application()
