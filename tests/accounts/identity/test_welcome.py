import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.identity import services
from accounts.identity.provider import Identity
from accounts.identity.services import HandleTaken, join
from accounts.models import User
from tests.factories import UserFactory
from tests.standins.oidc import OidcServer, sign_in

pytestmark = pytest.mark.django_db

CHOSEN = {"handle": "hanako", "display_name": "花子"}


@pytest.fixture
def newcomer(client: Client, oidc: OidcServer) -> Client:
    sign_in(client, oidc, name="Hanako Yamada")
    return client


def test_the_form_suggests_what_the_provider_knows(newcomer: Client) -> None:
    page = newcomer.get("/welcome/").content.decode()

    assert 'value="hanako_yamada"' in page
    assert 'value="Hanako Yamada"' in page
    assert f"{settings.SITE_URL}/@" in page


def test_a_hostile_name_suggests_nothing_dangerous(client: Client, oidc: OidcServer) -> None:
    sign_in(client, oidc, name='"><script>alert(1)</script>\u202e\0')

    page = client.get("/welcome/").content.decode()

    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_choosing_makes_the_account_with_a_new_session_key(newcomer: Client) -> None:
    key_before = newcomer.session.session_key

    answer = newcomer.post("/welcome/", {"handle": " @ＨＡＮＡＫＯ ", "display_name": "  花子　"})

    user = User.objects.get()
    assert answer.headers["Location"] == "/"
    assert (user.handle, user.display_name, user.is_staff) == ("hanako", "花子", False)
    assert newcomer.session["_auth_user_id"] == str(user.pk)
    assert newcomer.session.session_key != key_before
    assert newcomer.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    assert "newcomer" not in newcomer.session


def test_what_was_typed_stays_when_something_is_wrong(newcomer: Client) -> None:
    page = newcomer.post("/welcome/", {"handle": "はなこ", "display_name": "花子さん"}).content.decode()

    assert 'value="はなこ"' in page
    assert 'value="花子さん"' in page
    assert not User.objects.exists()


def test_each_error_stands_with_its_field(newcomer: Client) -> None:
    form = newcomer.post("/welcome/", {"handle": "", "display_name": ""}).context["form"]

    assert set(form.errors) == {"handle", "display_name"}
    assert 'aria-invalid="true"' in str(form["handle"])
    assert 'aria-describedby="id_handle_helptext id_handle_error"' in str(form["handle"])
    assert 'id="id_handle_error"' in str(form["handle"].errors)


def test_a_handle_taken_since_the_forms_look_is_an_error_of_the_form(
    newcomer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserFactory(handle="hanako")
    monkeypatch.setattr("accounts.people.handles.is_free", lambda handle: True)

    answer = newcomer.post("/welcome/", CHOSEN)

    assert list(answer.context["form"].errors) == ["handle"]
    assert 'value="花子"' in answer.content.decode()
    assert User.objects.count() == 1


def test_a_form_sent_twice_makes_one_person(newcomer: Client) -> None:
    newcomer.post("/welcome/", CHOSEN)

    answer = newcomer.post("/welcome/", {**CHOSEN, "handle": "another"})

    assert answer.headers["Location"] == "/"
    assert User.objects.get().handle == "hanako"


def test_one_whose_account_was_made_and_closed_meanwhile_stays_out(newcomer: Client) -> None:
    identity = Identity(**newcomer.session["newcomer"]["identity"])
    UserFactory(issuer=identity.issuer, subject=identity.subject, is_active=False, suspended_at=timezone.now())

    answer = newcomer.post("/welcome/", CHOSEN)

    assert answer.status_code == 403
    assert "_auth_user_id" not in newcomer.session


def test_a_newcomer_who_used_the_wrong_account_can_sign_out_of_it(newcomer: Client, oidc: OidcServer) -> None:
    answer = newcomer.post("/sign-out/")

    assert answer.headers["Location"].startswith(f"{oidc.url}/logout?")
    assert newcomer.get("/welcome/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("ask", [Client.get, Client.post])
def test_a_stranger_has_nothing_to_choose(client: Client, ask: Callable) -> None:
    assert ask(client, "/welcome/", CHOSEN).headers["Location"] == "/sign-in/"
    assert not User.objects.exists()


@pytest.mark.parametrize("ask", [Client.get, Client.post])
def test_one_who_is_signed_in_has_chosen_already(client: Client, ask: Callable) -> None:
    user = UserFactory(handle="chosen")
    client.force_login(user)

    assert ask(client, "/welcome/", CHOSEN).headers["Location"] == "/"
    assert User.objects.get().handle == "chosen"


def at_once(*acts: Callable[[], User]) -> list[User | Exception]:
    """Each act in a thread and a transaction of its own, begun together."""
    together = threading.Barrier(len(acts))
    outcomes: list[User | Exception] = []

    def run(act: Callable[[], User]) -> None:
        together.wait()
        try:
            outcomes.append(act())
        except services.IdentityError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def identity_of(subject: str) -> Identity:
    return Identity(issuer="https://provider.test", subject=subject, name="", is_staff=False)


@pytest.mark.django_db(transaction=True)
def test_one_person_in_four_windows_gets_one_account() -> None:
    outcomes = at_once(
        *(
            lambda n=n: join(identity=identity_of("one"), handle=f"handle{n}", display_name="One", language="ja")
            for n in range(4)
        )
    )

    assert {outcome.pk for outcome in outcomes} == {User.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_of_four_people_at_once_one_gets_the_handle() -> None:
    outcomes = at_once(
        *(
            lambda n=n: join(identity=identity_of(str(n)), handle="wanted", display_name="One", language="ja")
            for n in range(4)
        )
    )

    assert User.objects.get() in outcomes
    assert [type(outcome) for outcome in outcomes].count(HandleTaken) == 3
