import pytest
from django.contrib.messages import get_messages

from accounts.models import Report, Visibility
from accounts.moderation.services import REPORTS
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

SENT = {"reason": "abuse", "text": "Look at the name."}


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.mark.parametrize("what", ["profile", "wall"])
def test_somebody_is_reported_to_staff(client, person, what):
    other = UserFactory(display_name="花子")

    page = client.get(f"/@{other.handle}/report/{what}/").content.decode()
    response = client.post(f"/@{other.handle}/report/{what}/", SENT)

    assert "花子" in page
    assert response.url == f"/@{other.handle}/"
    assert len(get_messages(response.wsgi_request)) == 1
    told = Report.objects.get()
    assert (told.reporter, told.person, told.subject, told.subject_id) == (person, other, what, other.pk)
    assert (told.reason, told.text, told.status) == ("abuse", "Look at the name.", "new")


def test_a_report_sent_twice_is_one(client, person):
    other = UserFactory()

    for _ in range(2):
        client.post(f"/@{other.handle}/report/profile/", SENT)

    assert Report.objects.count() == 1


def test_a_report_needs_no_words(client, person):
    client.post(f"/@{UserFactory().handle}/report/profile/", {"reason": "spam"})

    assert Report.objects.get().text == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "envy"},
        {"text": "x" * 1001},
        {"text": "\x00"},
        {"text": "\u202e"},
    ],
)
def test_bad_input_is_refused_clearly_and_nothing_typed_is_lost(client, person, fields):
    response = client.post(f"/@{UserFactory().handle}/report/profile/", SENT | fields)

    assert response.status_code == 400
    assert response.context["form"].errors.keys() == fields.keys()
    assert not Report.objects.exists()
    for name, value in (SENT | fields).items():
        assert response.context["form"][name].value() == value


def test_a_line_counts_as_one_character_at_its_end(client, person):
    client.post(f"/@{UserFactory().handle}/report/profile/", SENT | {"text": "a\r\n" * 499 + "ab"})

    assert Report.objects.get().text == "a\n" * 499 + "ab"


def test_words_are_shown_as_they_were_typed_and_do_nothing(client, person):
    page = client.post(f"/@{UserFactory().handle}/report/wall/", {"text": "<script>alert(1)</script>"})

    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("what", ["profile", "wall"])
def test_what_one_may_not_see_cannot_be_reported(client, person, what, method):
    private = UserFactory(wall_visibility=Visibility.PRIVATE)
    blocked = BlockFactory(blocked=person).blocker
    gone = UserFactory(is_active=False, suspended_at="2024-01-01T00:00Z")

    for handle in [private.handle, blocked.handle, gone.handle, "nobody", person.handle]:
        assert getattr(client, method)(f"/@{handle}/report/{what}/", SENT).status_code == 404

    assert not Report.objects.exists()


def test_a_wall_for_followers_is_reported_by_followers_alone_its_profile_by_all(client, person):
    closed = UserFactory(wall_visibility=Visibility.FOLLOWERS)
    read = FollowFactory(follower=person, followee__wall_visibility=Visibility.FOLLOWERS).followee

    assert client.post(f"/@{closed.handle}/report/wall/", SENT).status_code == 404
    assert client.post(f"/@{closed.handle}/report/profile/", SENT).status_code == 302
    assert client.post(f"/@{read.handle}/report/wall/", SENT).status_code == 302


def test_a_visitor_is_asked_to_sign_in(client):
    address = f"/@{UserFactory().handle}/report/profile/"

    assert client.post(address, SENT).url.startswith("/sign-in/?next=")
    assert not Report.objects.exists()


def test_nobody_reports_without_end(client, person):
    people = UserFactory.create_batch(REPORTS.most + 1)

    answers = [client.post(f"/@{other.handle}/report/profile/", SENT).status_code for other in people]

    assert answers == [302] * REPORTS.most + [429]
    assert Report.objects.count() == REPORTS.most
