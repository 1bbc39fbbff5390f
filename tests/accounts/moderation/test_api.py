import pytest
from django.test import Client

from accounts.models import Report, User, Visibility
from accounts.moderation.services import REPORTS
from tests.api import client_of
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

TARO = "/api/v1/people/taro/reports"
SENT = {"reason": "abuse", "text": "Look at the name."}
JSON = "application/json"


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def script(hanako: User) -> Client:
    return client_of(hanako)


@pytest.fixture(autouse=True)
def taro() -> User:
    return UserFactory(handle="taro")


@pytest.mark.parametrize(
    ("sent", "about"), [({}, "profile"), ({"about": "profile"}, "profile"), ({"about": "wall"}, "wall")]
)
def test_somebody_is_reported_to_staff(
    script: Client, hanako: User, taro: User, sent: dict[str, str], about: str
) -> None:
    answer = script.post(TARO, SENT | sent, JSON)

    assert answer.status_code == 201
    said = answer.json()
    assert said.pop("reported_at")
    assert said == SENT | {"about": about}
    told = Report.objects.get()
    assert (told.reporter, told.person, told.subject, told.subject_id) == (hanako, taro, about, taro.pk)


def test_told_again_before_anybody_has_looked_it_is_the_same_report(script: Client) -> None:
    script.post(TARO, SENT, JSON)

    again = script.post(TARO, {"reason": "spam"}, JSON)

    assert (again.json()["reason"], again.json()["text"]) == ("spam", SENT["text"])
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"reason": ""}, "/reason"),
        ({"reason": "envy"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"text": "x" * 1001}, "/text"),
        ({"text": "\x00"}, "/text"),
        ({"text": "\u202e"}, "/text"),
        ({"about": "entry"}, "/about"),
    ],
)
def test_bad_input_is_refused_clearly(script: Client, sent: dict[str, object], pointer: str) -> None:
    answer = script.post(TARO, SENT | sent, JSON)

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {pointer}
    assert not Report.objects.exists()


def test_what_one_may_not_see_and_what_is_ones_own_cannot_be_reported(script: Client, hanako: User) -> None:
    BlockFactory(blocker=UserFactory(handle="enemy"), blocked=hanako)
    UserFactory(handle="hidden", wall_visibility=Visibility.PRIVATE)

    for handle in ("enemy", "hidden", "nobody", "hanako"):
        assert script.post(f"/api/v1/people/{handle}/reports", SENT, JSON).status_code == 404


def test_a_wall_is_reported_by_those_to_whom_it_is_open(script: Client, hanako: User, taro: User) -> None:
    User.objects.filter(pk=taro.pk).update(wall_visibility=Visibility.FOLLOWERS)
    assert script.post(TARO, SENT | {"about": "wall"}, JSON).status_code == 404

    FollowFactory(follower=hanako, followee=taro)
    assert script.post(TARO, SENT | {"about": "wall"}, JSON).status_code == 201


def test_nobody_reports_without_end(script: Client) -> None:
    people = UserFactory.create_batch(REPORTS.most + 1)

    answers = [script.post(f"/api/v1/people/{one.handle}/reports", SENT, JSON).status_code for one in people]

    assert answers == [201] * REPORTS.most + [429]


def test_neither_a_visitor_nor_a_token_that_may_only_read_reports(client: Client, hanako: User) -> None:
    assert client.post(TARO, SENT, JSON).status_code == 401
    assert client_of(hanako, "read").post(TARO, SENT, JSON).status_code == 403
    assert not Report.objects.exists()
