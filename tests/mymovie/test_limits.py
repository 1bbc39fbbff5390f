import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from mymovie.limits.models import Count
from mymovie.limits.services import Exceeded, Limit, client_address, forget_past, spend, whoever_asks
from tests.factories import UserFactory

FIVE = Limit("test", 5, datetime.timedelta(minutes=10))
SPAN_BEGINS = datetime.datetime(2026, 1, 1, 12, 10, tzinfo=datetime.UTC)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock so many seconds after a span begins."""

    def at(seconds):
        now = SPAN_BEGINS + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return at


def is_let_through(who="somebody", limit=FIVE):
    try:
        spend(limit, who=who)
    except Exceeded:
        return False
    return True


@pytest.mark.django_db
class TestALimit:
    def test_lets_through_as_many_as_it_says(self, at):
        at(0)

        assert [is_let_through() for _ in range(7)] == [True] * 5 + [False] * 2

    def test_says_when_the_next_span_begins(self, at):
        for seconds, retry_after in [(0, 600), (599, 1), (599.9, 1)]:
            Count.objects.all().delete()
            at(seconds)
            while is_let_through():
                pass
            with pytest.raises(Exceeded) as refused:
                spend(FIVE, who="somebody")
            assert refused.value.retry_after == retry_after

    def test_begins_anew_with_the_next_span(self, at):
        at(599)
        while is_let_through():
            pass

        at(600)

        assert is_let_through()

    def test_counts_each_person_and_each_name_apart(self, at):
        at(0)
        while is_let_through():
            pass

        assert is_let_through(who="another")
        assert is_let_through(limit=FIVE._replace(name="another"))

    def test_stores_neither_name_nor_address(self):
        spend(FIVE, who="address 203.0.113.9")

        assert "203.0.113.9" not in str(Count.objects.values().get())

    def test_counts_nothing_in_what_is_rolled_back(self):
        with transaction.atomic():
            spend(FIVE, who="somebody")
            transaction.set_rollback(True)

        assert not Count.objects.exists()

    def test_forgets_spans_that_are_past(self, at):
        at(0)
        spend(FIVE, who="long ago")
        at(700)
        spend(FIVE, who="now")

        assert forget_past(timezone.now()) == 1
        assert Count.objects.count() == 1


def spend_in_a_thread(_: int) -> bool:
    try:
        return is_let_through()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_limit_is_exact_under_24_at_once(at):
    at(0)
    with ThreadPoolExecutor(8) as people:  # as many as there are connections
        let_through = list(people.map(spend_in_a_thread, range(24)))

    assert let_through.count(True) == 5


@pytest.fixture
def asked(rf, settings):
    """A request that the CDN, or a client that plays it, sent from an address."""

    def asked(connected="203.0.113.9", header="HTTP_CLOUDFRONT_VIEWER_ADDRESS", **headers):
        settings.CLIENT_ADDRESS_HEADER = header
        return rf.get("/", REMOTE_ADDR=connected, **headers)

    return asked


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.7:46532", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9:46532", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:46532", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7:46532", "198.51.100.7"),
        ("", "203.0.113.9"),
        ("what is this:1", ""),
    ],
)
def test_the_cdn_says_who_asks(asked, told, address):
    assert client_address(asked(HTTP_CLOUDFRONT_VIEWER_ADDRESS=told)) == address


@pytest.mark.parametrize(
    ("connected", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),  # behind a socket file
    ],
)
def test_without_a_cdn_it_is_whoever_is_connected(asked, connected, address):
    told = {"HTTP_CLOUDFRONT_VIEWER_ADDRESS": "192.0.2.1:1"}

    assert client_address(asked(connected, header="", **told)) == address


@pytest.mark.parametrize("header", ["", "HTTP_CLOUDFRONT_VIEWER_ADDRESS"])
def test_what_a_client_writes_itself_is_not_believed(asked, header):
    written = {"HTTP_X_FORWARDED_FOR": "192.0.2.1, 192.0.2.2", "HTTP_X_REAL_IP": "192.0.2.1"}

    assert client_address(asked(header=header, **written)) == "203.0.113.9"


@pytest.mark.django_db
def test_a_person_is_counted_wherever_they_are_and_a_visitor_by_their_address(asked):
    visitor, person, elsewhere = asked(), asked(), asked("198.51.100.7")
    visitor.user = AnonymousUser()
    person.user = elsewhere.user = UserFactory()

    assert whoever_asks(visitor) == "address 203.0.113.9"
    assert whoever_asks(person) == whoever_asks(elsewhere) == f"person {person.user.pk}"


@pytest.fixture
def about(settings, monkeypatch):
    """Has the page about us raise something."""
    from movies.diary.views import pages

    limits = "mymovie.limits.middleware.LimitsMiddleware"
    settings.MIDDLEWARE = list(dict.fromkeys([*settings.MIDDLEWARE, limits]))

    def about(error):
        def raise_it(*args, **kwargs):
            raise error

        monkeypatch.setattr(pages, "render", raise_it)

    return about


@pytest.mark.parametrize("path", ["/about/", "/en/about/"])
@pytest.mark.django_db
def test_a_limit_that_no_view_speaks_of_has_a_page(client, about, path):
    about(Exceeded(90))

    response = client.get(path)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "90"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "429" in response.content.decode()
    assert not client.cookies


@pytest.mark.django_db
def test_other_faults_stay_what_they_are(client, about):
    client.raise_request_exception = False
    about(ValueError())

    assert client.get("/about/").status_code == 500
