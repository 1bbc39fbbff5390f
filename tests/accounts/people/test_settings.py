import datetime
from io import BytesIO

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client
from PIL import Image

from accounts.models import Follow, User, Visibility
from accounts.people.views import settings as views
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["profile", "picture", "privacy", "privacy/people", "display", "account"]


@pytest.fixture
def person(client: Client) -> User:
    person = UserFactory(handle="hanako", display_name="花子")
    client.force_login(person)
    return person


def picture(kind: str = "PNG") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(file, kind)
    file.name = f"me.{kind.lower()}"
    file.seek(0)
    return file


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_to_sign_in(client: Client, page: str) -> None:
    assert client.get(f"/settings/{page}/").headers["Location"] == f"/sign-in/?next=/settings/{page}/"


def test_what_is_saved_stands_on_ones_wall(client: Client, person: User) -> None:
    sent = {"display_name": "新しい花子", "bio": "一行目\r\n二行目", "url": "hanako.example"}

    assert client.post("/settings/profile/", sent).headers["Location"] == "/settings/profile/"

    page = " ".join(Client().get("/@hanako/").content.decode().split())
    assert "新しい花子" in page
    assert "一行目<br>二行目" in page
    assert '<a href="https://hanako.example" rel="me nofollow ugc noopener">hanako.example</a>' in page


@pytest.mark.parametrize(
    ("page", "sent", "field"),
    [
        ("profile", {"display_name": ""}, "display_name"),
        ("profile", {"display_name": "花子", "bio": "長" * 301}, "bio"),
        ("profile", {"display_name": "花子", "url": "javascript:alert(1)"}, "url"),
        ("profile", {"display_name": "花子", "birth_date": "2999-01-01"}, "birth_date"),
        ("profile", {"display_name": "花子", "shows_age": "on"}, "birth_date"),
        ("privacy", {"wall_visibility": "nobody", "default_visibility": "public"}, "wall_visibility"),
        ("display", {"language": "ja", "time_zone": "Mars/Olympus", "color_scheme": "dark"}, "time_zone"),
        ("account", {"handle": "hana-ko"}, "handle"),
        ("account", {"handle": "staff"}, "handle"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, person: User, page: str, sent: dict[str, str], field: str
) -> None:
    answer = client.post(f"/settings/{page}/", sent)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert {name: answer.context["form"][name].value() for name in sent if name != "shows_age"} == {
        name: value for name, value in sent.items() if name != "shows_age"
    }
    assert User.objects.get().display_name == "花子"


def test_only_what_the_form_asks_is_changed_and_only_of_oneself(client: Client, person: User) -> None:
    other = UserFactory(display_name="太郎")
    smuggled = {"is_staff": "on", "handle": "root", "wall_revision": "99", "pk": other.pk, "person": other.pk}

    client.post("/settings/profile/", {"display_name": "新しい花子", **smuggled})

    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.display_name, person.is_staff, person.handle) == ("新しい花子", False, "hanako")
    assert other.display_name == "太郎"


def test_a_window_that_was_open_before_changes_back_nothing(client: Client, person: User) -> None:
    asking = FollowFactory(followee=person, accepted_at=None)
    shown_before = {"initial-wall_visibility": "public", "initial-default_visibility": "public"}
    client.post("/settings/privacy/", {"wall_visibility": "followers", "default_visibility": "public", **shown_before})

    client.post("/settings/privacy/", {"wall_visibility": "public", "default_visibility": "private", **shown_before})

    person.refresh_from_db()
    assert (person.wall_visibility, person.default_visibility) == ("followers", "private")
    assert Follow.objects.get(pk=asking.pk).accepted_at is None


def test_the_form_says_what_it_showed(client: Client, person: User) -> None:
    page = client.get("/settings/privacy/").content.decode()

    assert '<input type="hidden" name="initial-wall_visibility" value="public"' in page


def test_opening_the_wall_lets_everybody_in_who_has_asked(client: Client, person: User) -> None:
    User.objects.update(wall_visibility=Visibility.FOLLOWERS)
    FollowFactory(followee=person, accepted_at=None)

    client.post("/settings/privacy/", {"wall_visibility": "public", "default_visibility": "public"})

    assert Follow.objects.get().accepted_at is not None
    person.refresh_from_db()
    assert (person.followers_count, person.requests_count) == (1, 0)


def test_what_one_records_begins_as_one_has_said(client: Client, person: User) -> None:
    client.post("/settings/privacy/", {"wall_visibility": "public", "default_visibility": "followers"})

    form = client.get(f"/films/{FilmFactory().pk}/record/").context["form"]

    assert form["visibility"].value() == "followers"


def test_on_a_wall_that_is_not_for_all_the_form_says_who_everybody_is(client: Client, person: User) -> None:
    User.objects.update(wall_visibility=Visibility.FOLLOWERS)

    form = client.get(f"/films/{FilmFactory().pk}/record/").context["form"]

    assert "ウォールを見られる人全員" in str(form["visibility"])
    assert "だれでも" not in str(form["visibility"])


def test_the_language_of_the_site_is_that_of_the_page_one_lands_on(client: Client, person: User) -> None:
    sent = {"language": "en", "time_zone": "Europe/Paris", "color_scheme": "dark"}

    answer = client.post("/settings/display/", sent, follow=True)

    assert answer.redirect_chain == [("/en/settings/display/", 302)]
    assert 'data-colors="dark"' in answer.content.decode()


def test_a_day_ends_when_it_does_where_one_is(client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.update(time_zone="America/Los_Angeles")
    film = FilmFactory()
    form = client.get(f"/films/{film.pk}/record/").context["form"]
    sent = {"watched": "today", "visibility": "public", "submission": str(form["submission"].value())}
    early_in_japan = datetime.datetime(2026, 11, 24, 16, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: early_in_japan)

    client.post(f"/films/{film.pk}/record/", sent)

    assert person.entries.get().watched_on == datetime.date(2026, 11, 24)


def test_a_wall_stands_in_its_owners_days_for_whoever_looks(client: Client, person: User) -> None:
    owner = UserFactory(handle="taro", time_zone="America/Los_Angeles")
    EntryFactory(owner=owner, recorded_at=datetime.datetime(2026, 11, 1, 3, tzinfo=datetime.UTC))

    for viewer in (client, Client()):
        assert "2026年10月" in viewer.get("/@taro/?order=recorded").content.decode()


def test_a_birth_date_is_on_no_page_but_ones_own_form(client: Client, person: User) -> None:
    User.objects.update(birth_date=datetime.date(1907, 3, 29), shows_age=True)
    EntryFactory(owner=person, film=FilmFactory(japan_on="2001-07-20", japan_precision="day"))

    assert "1907-03-29" in client.get("/settings/profile/").content.decode()
    for address in ("/@hanako/", "/people/?q=hanako", "/@hanako/followers/"):
        page = Client().get(address).content.decode()
        assert "1907" not in page
        assert "03-29" not in page


def test_a_picture_waits_to_be_painted_and_what_is_none_is_refused(client: Client, person: User) -> None:
    client.post("/settings/picture/", {"avatar": picture()})
    person.refresh_from_db()
    assert person.avatar_upload

    svg = BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    svg.name = "me.png"
    assert client.post("/settings/picture/", {"avatar": svg}).status_code == 400
    assert client.post("/settings/picture/", {}).status_code == 400


def test_with_the_storage_away_nothing_is_half_saved(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="s3")

    monkeypatch.setattr("storages.backends.s3.S3Storage.save", away)

    assert client.post("/settings/picture/", {"avatar": picture()}).status_code == 503
    person.refresh_from_db()
    assert person.avatar_upload == ""


def test_handles_are_not_changed_without_end(client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.AccountSettings, "limit", views.HANDLE_CHANGES._replace(most=2))

    answers = [client.post("/settings/account/", {"handle": f"hanako{number}"}) for number in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert 'value="hanako2"' in answers[2].content.decode(), "what was typed is still there"
    assert User.objects.get().handle == "hanako1"


def test_settings_lead_to_the_first_of_their_pages(client: Client, person: User) -> None:
    assert client.get("/settings/").headers["Location"] == "/settings/profile/"
