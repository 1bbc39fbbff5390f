"""A string of its own in every private field; then everything that can be reached is read, as strangers read it."""

import datetime
import re
from collections import deque
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import FormerHandle, User, Visibility
from accounts.people.services import following
from movies.diary import services
from movies.diary.models import Entry
from movies.releases.addresses import CALENDARS
from movies.sharing.addresses import FEEDS
from tests.factories import (
    BlockFactory,
    ContactMessageFactory,
    EntryFactory,
    FilmFactory,
    FilmListItemFactory,
    FollowFactory,
    MailboxFactory,
    MentionFactory,
    NoticeFactory,
    ReportFactory,
    RowFactory,
    StaffActionFactory,
    UserFactory,
    ViewingFactory,
)

pytestmark = pytest.mark.django_db

SECRET = "zqzqzq{}zqzqzq"
TITLE = "xjxjxj{}"  # films are for all; that they stand on a wall may not be
LINK = re.compile(r'(?:href|src|action|hx-get)="([^"#]+)')
# A wall links to itself in hundreds of ways: each is crawled alone, none of them together with another.
NOT_CRAWLED = re.compile(r"^(/en)?/(static|sign-in|sign-out|posters|@\w+/\?[^&]*&)")
MOST_PAGES = 400


def secret(name: str) -> str:
    return SECRET.format(name.replace("_", ""))


# What its owner writes about a film is for nobody else, whoever may see that they recorded it.
WRITTEN = {
    "review": secret("review"),
    "review_audience": "owner",
    "memo": secret("memo"),
    "tags": [secret("tag")],
    "is_liked": True,
}


@pytest.fixture
def private_things() -> list[str]:
    """Puts one secret into every private field, around a person with a public wall and one with a private one."""
    shown = UserFactory(
        handle="hanako",
        issuer=secret("issuer"),
        subject=secret("subject"),
        birth_date=datetime.date(1907, 3, 29),
        avatar_upload=secret("upload"),
    )
    hidden = UserFactory(
        handle="zqhandlezq", display_name=secret("name"), bio=secret("bio"), wall_visibility=Visibility.PRIVATE
    )
    closed = UserFactory(handle="jiro", wall_visibility=Visibility.FOLLOWERS)
    reader = FollowFactory(followee=shown, follower__handle="taro").follower
    for owner, visibility, deleted_at, hidden_at in [
        (shown, Visibility.PRIVATE, None, None),
        (shown, Visibility.FOLLOWERS, None, None),
        (shown, Visibility.PUBLIC, timezone.now(), None),
        (shown, Visibility.PUBLIC, None, timezone.now()),
        (hidden, Visibility.PUBLIC, None, None),
        (closed, Visibility.PUBLIC, None, None),
    ]:
        title = TITLE.format(f"{owner.pk}{visibility}{bool(deleted_at)}{bool(hidden_at)}")
        entry = EntryFactory(
            owner=owner, visibility=visibility, deleted_at=deleted_at, hidden_at=hidden_at, score=37,
            film__original_title=title, **WRITTEN,
        )  # fmt: skip
        ViewingFactory(entry=entry, watched_on=datetime.date(1963, 11, 30))
    teller = UserFactory(handle="teller", bio=secret("bio"), wall_visibility=Visibility.PRIVATE)
    told = WRITTEN | {"review": "qxqx **qx**", "review_audience": "public"}
    entry = EntryFactory(owner=teller, visibility=Visibility.PRIVATE, score=37, film__original_title="Told", **told)
    ViewingFactory(entry=entry, watched_on=datetime.date(1963, 11, 30))
    EntryFactory(owner=teller, film__original_title=TITLE.format("kept"), **WRITTEN | {"review_audience": "entry"})
    public = EntryFactory(owner=shown, score=80, film__original_title="Ran", **WRITTEN)
    ViewingFactory(entry=public, score=23)
    for owner in (shown, hidden, closed, reader):
        FilmListItemFactory(
            film=public.film,
            film_list__owner=owner,
            film_list__name=secret("list"),
            film_list__description=secret("description"),
            note=secret("note"),
        )
    EntryFactory(owner=reader, score=60, film=public.film)
    EntryFactory(owner=hidden, score=11, film=public.film)
    following.follow(follower=reader, followee=closed)
    FollowFactory(follower=hidden, followee=shown)
    BlockFactory(blocker=shown, blocked=hidden)
    ContactMessageFactory(sender=shown, email=f"{secret('email')}@example.com", text=secret("contact"))
    ReportFactory(reporter=shown, person=reader, text=secret("report"))
    StaffActionFactory(reason=secret("reason"), subject_id=public.pk, details={"was": secret("details")})
    said = {"memo": secret("memo"), "review": secret("review")}
    mention = MentionFactory(batch__owner=shown, batch__name=secret("file"), named={"title": secret("title")})
    RowFactory(batch=mention.batch, mention=mention, raw=said, said=said, value=secret("value"))
    for person in (shown, closed, reader):
        MailboxFactory(user=person, address=f"{secret('address')}{person.pk}@example.com")
        NoticeFactory(recipient=person, key=secret("notice"), about={"said": secret("about")})
    FormerHandle.objects.create(handle="zqoldzq", owner=hidden, kept_until=timezone.now() + datetime.timedelta(days=9))
    for owner in User.objects.all():
        services.wall_shows_anew(owner_id=owner.pk, is_public=True)
    for addresses in (CALENDARS, FEEDS):
        addresses.make(owner=shown)
    keys = [addresses.of(shown).rpartition("/")[2] for addresses in (CALENDARS, FEEDS)]
    return ["zqzqzq", "1907-", "1907年", "03-29", "1963-", "1963年", *keys]


def everything_reached(client: Client, *starts: str) -> dict[str, str]:
    """What each page says, headers included, by address."""
    said: dict[str, str] = {}
    waiting = deque(starts)
    while waiting and len(said) < MOST_PAGES:
        address = waiting.popleft()
        if address in said or NOT_CRAWLED.match(address):
            continue
        answer = client.get(address)
        assert answer.status_code < 500, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said[address] = f"{answer.headers}\n{body.decode(errors='replace')}"
        links = [link.replace("&amp;", "&") for link in LINK.findall(said[address])]
        links.append(answer.headers.get("Location", ""))
        for link in links:
            parts = urlsplit(urljoin(f"http://testserver{address}", link))
            if parts.netloc == "testserver":
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return said


STARTS = [
    "/", "/en/", "/people/", "/people/?q=hanako", "/@hanako/", "/@taro/", "/@jiro/", "/@zqhandlezq/", "/@zqoldzq/",
    "/@hanako/?order=watched", "/@hanako/followers/", "/@hanako/following/", "/@hanako/compare/@taro/", "/search/?q=ran",
    "/feed/", "/contact/", "/random/", "/upcoming/", "/watchlist/", "/lists/", "/settings/calendar/",
    "/@teller/", "/@teller/reviews/", "/@hanako/reviews/", "/@jiro/reviews/", "/@zqhandlezq/reviews/",
    "/@hanako/rss/", "/@jiro/rss/", "/@zqhandlezq/rss/", "/settings/feed/", "/settings/poster/",
    "/oembed/?url=http://testserver/@hanako/", "/oembed/?url=http://testserver/@jiro/",
]  # fmt: skip


@pytest.mark.parametrize("role", ["anonymous", "stranger", "one who is blocked", "one who only asked"])
def test_nothing_private_is_said_anywhere_to_whoever_it_is_not_for(private_things: list[str], role: str) -> None:
    client = Client()
    if role != "anonymous":
        viewer = UserFactory(handle="viewer")
        client.force_login(viewer)
        if role == "one who is blocked":
            BlockFactory(blocker=User.objects.get(handle="jiro"), blocked=viewer)
        if role == "one who only asked":
            FollowFactory(follower=viewer, followee__handle="saburo", accepted_at=None)
            FollowFactory(follower=viewer, followee=User.objects.get(handle="jiro"), accepted_at=None)

    said = everything_reached(client, *STARTS)

    assert len(said) > 60
    assert any("xjxjxj" in page for page in said.values()), "the films themselves are found"
    leaks = [
        (address, thing)
        for address, page in said.items()
        for thing in private_things
        if thing in page.replace(unquote(address), "").replace(address, "")
    ]
    assert leaks == []
    assert "Ran" in said["/@hanako/"]
    assert "qxqx" in said["/@teller/reviews/"], "a review may be for all where nothing else is"
    assert any("qxqx" in page and "/films/" in address and "@teller" in address for address, page in said.items())


def test_the_handle_of_a_private_wall_is_said_nowhere_that_did_not_ask_for_it(private_things: list[str]) -> None:
    said = everything_reached(Client(), *(start for start in STARTS if "zq" not in start))

    assert not [address for address, page in said.items() if "zqhandlezq" in page or "zqoldzq" in page]


def test_no_number_that_others_see_counts_what_is_private(private_things: list[str]) -> None:
    page = Client().get("/@hanako/").content.decode()
    [address] = re.findall(r'class="film-link" href="([^"]+)"', page)
    film = Client().get(unquote(address))

    assert "<b>1</b>本" in page
    assert (film.context["reception"].recorded, film.context["reception"].average) == (2, 70)


def test_who_wrote_something_about_a_film_reads_it_on_its_page(private_things: list[str]) -> None:
    """Else nothing above would have looked for it where it could stand."""
    client, entry = Client(), Entry.objects.get(owner__handle="hanako", film__original_title="Ran")
    client.force_login(entry.owner)

    said = client.get(entry.film.get_absolute_url()).content.decode() + client.get("/lists/").content.decode()

    for name in ("review", "memo", "tag", "list", "description"):
        assert secret(name) in said


def test_the_crawl_would_find_a_leak(private_things: list[str]) -> None:
    EntryFactory(owner=User.objects.get(handle="hanako"), film=FilmFactory(original_title="xjxjxjleak"))

    said = everything_reached(Client(), *STARTS)

    assert "xjxjxjleak" in said["/@hanako/"]
