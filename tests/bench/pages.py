"""What is asked for: pages of the site and of the floor, by the name that goals call them."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from accounts.models import User
from movies.diary.models import Entry
from movies.diary.wall import Arrangement, Order
from movies.diary.wall_address import Asked
from mymovie.paging import Cursor
from tests.bench import clients
from tests.bench.page import Page
from tests.bench.servers import Server


def of_the_floor(most: User) -> Iterator[Page]:
    yield Page("hello", "floor", "/hello")
    yield Page("bare: objects, templates", "floor", f"/objects/{most.pk}")
    yield Page("bare: values, templates", "floor", f"/values/{most.pk}")
    yield Page("bare: by hand", "floor", f"/hand/{most.pk}")
    yield Page("bare: kept", "floor", f"/cached/{most.pk}")
    yield Page("bare: 304", "floor", f"/cached/{most.pk}", {"If-None-Match": f'"{most.pk}-{most.public_revision}"'})
    yield Page("bare: API", "floor", f"/api/{most.pk}")


def of_walls(most: User, site: Server) -> Iterator[Page]:
    etag = clients.once(site.url(wall(most)), {}).headers["ETag"]
    thousand, hundred = with_films(1_000), with_films(100)
    yield Page("wall", "fresh", wall(most))
    yield Page("wall of 1,000", "fresh", wall(thousand))
    for name, owner in {"10,000": most, "1,000": thousand}.items():
        yield Page(f"32 films of {name}", "fresh", wall(owner, after=before_the_last(owner, 32)))
    yield Page("wall, kept", "site", wall(most))
    yield Page("wall, 304", "site", wall(most), {"If-None-Match": etag})
    yield Page("wall, small world", "small", "/@p5/")
    yield Page("wall, deep", "fresh", wall(most, after=before_the_last(most, 100)))
    for order in Order:
        yield Page(f"100 films by {order.value}", "fresh", wall(hundred, Arrangement(order)))
        yield Page(f"10,000 films by {order.value}", "fresh", wall(most, Arrangement(order)))


def of_people(reader: User, most: User) -> Iterator[Page]:
    """Signed in."""
    cookie = signed_in(reader)
    yield Page("own wall", "site", wall(reader), cookie)
    yield Page("other's wall, signed in", "site", wall(most), cookie)
    for number in (10, 2_000):
        if found := User.objects.filter(handle=f"reads{number}", following_count__gt=number // 2).first():
            yield Page(f"feed of {number:,}", "site", "/feed/", signed_in(found))


def of_the_rest(most: User) -> Iterator[Page]:
    film = Entry.objects.filter(owner=most).select_related("film").earliest("pk").film
    yield Page("home", "site", "/")
    yield Page("film", "site", film.get_absolute_url())
    yield Page("statistics", "site", f"/@{with_films(1_000).handle}/stats/")
    yield Page("search, two characters", "site", "/search/quick/?" + urlencode({"q": "千と"}), {"HX-Request": "true"})
    yield Page("search, English", "site", "/search/quick/?" + urlencode({"q": "night of"}), {"HX-Request": "true"})
    yield Page("API", "site", f"/api/v1/people/{most.handle}/wall")


def wall(owner: User, arrangement: Arrangement | None = None, after: Cursor | None = None) -> str:
    query = Asked(arrangement or Arrangement(), after=after).query
    return f"/@{owner.handle}/" + (f"?{query}" if query else "")


def people_with_films(number: int) -> QuerySet[User]:
    """Those who have as many on show or more, first who has fewest."""
    return User.objects.filter(films_shown__gte=number).exclude(handle="most").order_by("films_shown", "pk")


def with_films(number: int) -> User:
    return people_with_films(number)[0]


def before_the_last(owner: User, number: int) -> Cursor:
    """The place on a wall by release after which as many films are left."""
    shown = (
        Entry.objects.filter(owner=owner).seen_by(AnonymousUser()).order_by(F("japan_on").asc(nulls_first=True), "pk")
    )
    last = shown[number]
    return Cursor(last.japan_on, last.pk)


def signed_in(person: User) -> dict[str, str]:
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
