"""What holds for every page."""

import re

import pytest
from django.test import Client

from movies.imports.models import Batch
from tests.factories import BatchFactory, CreditFactory, EntryFactory, FilmFactory, MentionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    """Every page that anybody may look at."""
    entry = EntryFactory(score=80)
    texts = ["/terms/", "/privacy/", "/contact/", "/contact/sent/", "/goodbye/"]
    people = ["/people/", *(f"/@{entry.owner.handle}/{page}" for page in ("", "stats/", "followers/"))]
    director = CreditFactory(film=entry.film).person
    return [
        "/",
        "/about/",
        "/search/",
        "/search/?q=ran",
        "/upcoming/",
        "/upcoming/?by=digital",
        *people,
        entry.film.get_absolute_url(),
        director.get_absolute_url(),
        *texts,
    ]


def test_every_page_names_itself_in_both_languages(client, pages, settings):
    for path in pages:
        addresses = {"ja": path, "en": f"/en{path}"}
        for language, address in addresses.items():
            page = client.get(address).content.decode().replace("&amp;", "&")
            assert f'<html lang="{language}"' in page
            for other, its_address in addresses.items():
                assert f'hreflang="{other}" href="{settings.SITE_URL}{its_address}"' in page


def test_the_language_of_a_page_is_that_of_its_address_alone(client, pages):
    """The CDN keeps one copy for all browsers."""
    for page in pages:
        answers = {client.get(page, headers={"Accept-Language": language}).content for language in ("ja", "en")}
        assert len(answers) == 1, page


def test_no_page_sets_a_cookie_for_a_visitor(client, pages):
    for path in pages:
        client.get(path)

    assert not client.cookies


def test_no_page_loads_anything_from_a_third_party_but_tmdbs_images(client, pages):
    for path in pages:
        page = client.get(path).content.decode()
        loaded = re.findall(r'<(?:img|script|link|source|iframe)[^>]*?(?:src|srcset|href)="(https?://[^/"]+)', page)
        links = {"http://testserver", "https://image.tmdb.org"}
        assert set(loaded) <= links


def test_every_page_forbids_what_is_not_ours(client, pages):
    for path in [*pages, "/nothing-here/"]:
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy


def test_no_page_holds_a_script_or_a_style_of_its_own(client, pages):
    for path in [*pages, "/nothing-here/"]:
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert "<style" not in page
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page)


@pytest.mark.parametrize("state", Batch.State.values)
def test_no_page_of_an_import_holds_a_script_or_a_style_of_its_own(client, state):
    batch = BatchFactory(state=state)
    MentionFactory(batch=batch, state="doubtful")
    client.force_login(batch.owner)

    for path in ("/import/", f"/import/{batch.pk}/", f"/import/{batch.pk}/doubts/"):
        response = client.get(path)
        assert response.status_code == 200
        assert not re.search(r"<script(?![^>]*\bsrc=)", response.content.decode())
        assert not re.search(r"<style|<[^>]+\s(style|on\w+)=", response.content.decode())
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_every_page_says_whose_data_it_shows(client, pages):
    for path in pages:
        page = client.get(path).content.decode()
        assert "not endorsed, certified, or otherwise approved by TMDB" in page
        assert "img/tmdb" in page


@pytest.mark.parametrize("path", ["/nothing-here/", "/en/nothing-here/", "/@nobody/", "/films/1-x/"])
def test_what_is_not_there_is_said_kindly(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_a_fault_shows_a_page_that_needs_nothing(client, monkeypatch):
    from movies.diary.views import pages as views

    client.raise_request_exception = False
    monkeypatch.setattr(views, "render", lambda *args: 1 / 0)

    response = client.get("/about/")

    assert response.status_code == 500
    assert "<h1" in response.content.decode()


def test_a_form_whose_session_is_over_gives_back_what_was_typed():
    client, film = Client(enforce_csrf_checks=True), FilmFactory()

    refused = client.post(f"/films/{film.pk}/record/", {"score": "87", "watched": "unknown", "visibility": "private"})

    assert refused.status_code == 403
    client.force_login(UserFactory())
    form = client.get(refused.context["resume"]).context["form"]
    assert [form[name].value() for name in ("score", "watched", "visibility")] == ["87", "unknown", "private"]


def test_what_no_address_may_carry_is_written_out_when_a_session_is_over():
    client, film = Client(enforce_csrf_checks=True), FilmFactory()
    review, memo = "何度でも。" * 2000, "隣は母"

    refused = client.post(f"/films/{film.pk}/record/", {"score": "87", "review": review, "memo": memo})

    assert refused.context["resume"] == f"/films/{film.pk}/record/?score=87"
    assert refused.context["written"] == [review, memo]
    assert review in refused.content.decode()


def test_a_form_with_more_fields_than_an_address_holds_is_opened_without_them():
    client, film = Client(enforce_csrf_checks=True), FilmFactory()

    refused = client.post(f"/films/{film.pk}/record/", {f"field{number}": "あ" * 50 for number in range(30)})

    assert refused.context["resume"] == f"/films/{film.pk}/record/"


def test_in_maintenance_every_page_says_when_to_come_back(client, settings):
    settings.MAINTENANCE = True

    response = client.get("/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "600"
    assert client.get("/healthz/live").status_code == 200


def test_a_page_for_somebody_signed_in_is_kept_by_nobody(client, pages):
    client.force_login(UserFactory())

    for path in pages:
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


def test_home_is_ones_own_wall(client):
    user = UserFactory()
    client.force_login(user)

    assert client.get("/").url == f"/@{user.handle}/"
    assert client.get("/en/").url == f"/en/@{user.handle}/"


def test_an_english_page_says_nothing_in_japanese_but_the_name_of_the_language(client, pages):
    for path in pages:
        page = client.get(f"/en{path}").content.decode()
        assert re.findall(r"[ぁ-ゖァ-ヺ一-鿿]+", page) in (["日本語"], ["日本語", "日本語"])


@pytest.mark.parametrize("key", ["\\000" * 32, "x", "' OR 1=1 --" * 4, "é" * 32])
def test_a_session_that_we_never_gave_out_is_nobodys(client, settings, key):
    client.cookies[settings.SESSION_COOKIE_NAME] = key

    assert client.get("/about/", headers={"cookie": f'{settings.SESSION_COOKIE_NAME}="{key}"'}).status_code == 200
