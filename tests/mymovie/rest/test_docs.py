import datetime
import json

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.response import Response

from accounts.models import User
from mymovie.rest.docs import DOCUMENT, document
from mymovie.rest.views import OPEN, ApiViewSet, Deprecation
from tests.factories import UserFactory

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described() -> dict:
    return json.loads(document())


def operations(described: dict) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


class TestTheDocument:
    def test_says_what_the_code_does(self, capsys: pytest.CaptureFixture, described: dict) -> None:
        made = SchemaGenerator().get_schema(request=None, public=True)

        validate_schema(made)
        assert capsys.readouterr().err == "", "drf-spectacular warns of something"
        assert json.loads(json.dumps(made, default=str)) == described, (
            f"write it anew: make manage do='spectacular --format openapi-json --fail-on-warn --file {DOCUMENT.name}'"
        )

    def test_has_a_summary_answers_and_refusals_for_everything(self, described: dict) -> None:
        for name, operation in operations(described):
            assert operation.get("summary"), name
            assert any(status.startswith("2") for status in operation["responses"]), name
            assert {"400", "401", "406", "429"} <= operation["responses"].keys(), name
            assert operation["tags"], name

    def test_has_an_example_of_whatever_is_sent_or_answered(self, described: dict) -> None:
        for name, operation in operations(described):
            bodies = [operation.get("requestBody", {})]
            bodies += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for body in bodies:
                for kind, content in body.get("content", {}).items():
                    if kind == "application/json":
                        assert content.get("examples"), f"{name} {body.get('description')}"

    def test_names_no_host_of_ours(self) -> None:
        assert settings.SITE_URL not in document().decode()

    def test_is_given_to_everybody_and_kept_until_it_changes(self, client: Client) -> None:
        first = client.get("/api/v1/schema/")
        second = client.get("/api/v1/schema/", headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, second.status_code) == (200, 304)
        assert first.json()["openapi"] == "3.1.0"
        assert not first.cookies


@pytest.mark.django_db
class TestItsPage:
    def test_loads_nothing_from_elsewhere_and_sets_no_cookie(self, client: Client) -> None:
        answer = client.get("/api/v1/docs/")

        assert answer.status_code == 200
        assert "//" not in answer.content.decode().replace("<!doctype", "")
        assert not answer.cookies

    def test_lets_whoever_is_signed_in_try_it_with_their_session(self, client: Client) -> None:
        me: User = UserFactory()
        client.force_login(me)
        page = client.get("/api/v1/docs/").content.decode()
        token = page.partition('data-token="')[2].partition('"')[0]

        with_it = client.get("/api/v1/entries", headers={"X-CSRFToken": token})
        without = client.get("/api/v1/entries")

        assert (with_it.status_code, without.status_code) == (200, 401)

    def test_a_session_changes_nothing_without_its_token(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(UserFactory())

        wrong = client.post("/api/v1/entries", {}, "application/json", headers={"X-CSRFToken": "a" * 32})

        assert wrong.status_code == 403


@pytest.mark.django_db
def test_what_is_to_go_says_so(rf) -> None:
    class Old(ApiViewSet):
        permission_classes = OPEN
        deprecation = Deprecation(since=datetime.date(2027, 1, 1), until=datetime.date(2028, 1, 1))

        def list(self, request: object) -> Response:
            return Response([])

    answer = Old.as_view({"get": "list"})(rf.get("/api/v1/old"))

    assert answer.headers["Deprecation"] == "@1798761600"
    assert answer.headers["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
