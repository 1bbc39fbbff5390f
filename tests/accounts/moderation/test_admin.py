import pytest
from django.test import Client
from django.utils import timezone

from accounts.admin import PersonForm
from accounts.models import StaffAction, User
from accounts.moderation import services
from accounts.moderation import staff as staff_pages
from mymovie.folding import search_text
from tests.factories import ContactMessageFactory, EntryFactory, ReportFactory, StaffActionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def address(row):
    return f"/staff/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def filled(person, **fields):
    """The form of a person as a browser sends it, with what it was when it was shown; a box that is not ticked is not
    sent."""
    person.refresh_from_db()
    shown = {"display_name": person.display_name, "bio": person.bio, "url": person.url, "why": ""}
    was = shown | {"is_suspended": str(person.suspended_at is not None)}
    sent = shown | fields | {f"initial-{name}": value for name, value in was.items()}
    return {name: value for name, value in sent.items() if value is not None}


def test_renaming_touches_nothing_but_the_name_and_the_copies_of_the_wall(client, staff):
    person = UserFactory(display_name="Rude", wall_revision=7)

    answer = client.post(address(person), filled(person, display_name="Renamed", why="Rude", is_staff="on"))

    assert answer.status_code == 302
    before = {"handle": person.handle, "subject": person.subject, "is_staff": False, "is_active": True}
    assert User.objects.filter(pk=person.pk, display_name="Renamed", wall_revision=8, **before).exists()
    act = StaffAction.objects.get()
    assert (act.actor, act.kind, act.reason, act.details) == (staff, "clean", "Rude", {"was": {"display_name": "Rude"}})


def test_a_form_that_was_open_before_a_colleague_acted_undoes_nothing(client, staff):
    person = UserFactory(display_name="Rude")
    shown = filled(person, display_name="Renamed", why="Rude")
    services.suspend(actor=UserFactory(is_staff=True), person=person, reason="Threats")

    client.post(address(person), shown)

    person.refresh_from_db()
    assert (person.display_name, bool(person.suspended_at)) == ("Renamed", True)


def test_renaming_does_not_undo_what_happened_meanwhile(client, staff, monkeypatch):
    person = UserFactory(display_name="Rude", bio="Old")

    def clean(form):
        User.objects.filter(pk=person.pk).update(bio="New", wall_revision=8)

    monkeypatch.setattr(PersonForm, "clean", clean)

    client.post(address(person), filled(person, display_name="Renamed", why="Rude"))

    person.refresh_from_db()
    assert (person.display_name, person.bio, person.wall_revision) == ("Renamed", "New", 9)


@pytest.mark.parametrize(
    "fields",
    [
        {"display_name": "\u202eBad"},
        {"display_name": ""},
        {"bio": "x" * 301},
        {"url": "javascript:alert(1)"},
        {"bio": "Nothing said why", "why": ""},
        {"bio": "Nothing said why", "why": " \n"},
        {"bio": "Too much said why", "why": "x" * 1001},
    ],
)
def test_staff_write_no_more_than_people_may_themselves_and_say_why(client, staff, fields):
    person = UserFactory(display_name="Good")

    response = client.post(address(person), filled(person, **({"why": "Because"} | fields)))

    person.refresh_from_db()
    assert response.status_code == 200
    assert response.context["errors"]
    assert (person.display_name, person.bio, person.url) == ("Good", "", "")
    assert not StaffAction.objects.exists()


def test_a_page_that_is_saved_unchanged_needs_no_reason_and_records_nothing(client, staff):
    person = UserFactory(bio="Two\nlines")

    response = client.post(address(person), filled(person, bio="Two\r\nlines"))

    assert response.status_code == 302
    assert not StaffAction.objects.exists()


def test_a_picture_is_taken_away(client, staff):
    person = UserFactory(avatar="ab" * 16)

    client.post(address(person), filled(person, removes_picture="on", why="Not theirs"))

    person.refresh_from_db()
    assert person.avatar == ""
    assert StaffAction.objects.get().kind == "clean"


def test_whoever_is_suspended_is_told_so_once_and_stays_out(client, staff):
    theirs, person = Client(), UserFactory()
    theirs.force_login(person)

    client.post(address(person), filled(person, is_suspended="on", why="Threats"))

    told = theirs.get("/deleted/")
    assert told.status_code == 403
    assert told.templates[0].name == "accounts/identity/suspended.html"
    assert theirs.get("/deleted/").url == "/sign-in/?next=/deleted/"
    assert StaffAction.objects.values_list("kind", "reason").get() == ("suspend", "Threats")


def test_a_suspension_is_lifted_and_no_old_session_revives(client, staff):
    theirs, person = Client(), UserFactory()
    theirs.force_login(person)
    client.post(address(person), filled(person, is_suspended="on", why="Threats"))

    client.post(address(person), filled(person, why="A mistake"))

    assert User.objects.get(pk=person.pk).is_active
    assert theirs.get("/deleted/").url == "/sign-in/?next=/deleted/"
    assert list(StaffAction.objects.order_by("pk").values_list("kind", flat=True)) == ["suspend", "lift"]


@pytest.mark.parametrize("is_self", [True, False])
def test_staff_cannot_suspend_themselves_or_each_other(client, staff, is_self):
    colleague = staff if is_self else UserFactory(is_staff=True)

    response = client.post(address(colleague), filled(colleague, is_suspended="on", why="Threats"))

    assert response.context["errors"]
    assert User.objects.get(pk=colleague.pk).is_active


def test_a_birth_date_and_the_providers_key_are_not_for_staff(client, staff):
    person = UserFactory(birth_date="1971-02-03", subject="only-the-provider-knows")

    page = client.get(address(person)).content.decode()

    assert "1971" not in page
    assert "only-the-provider-knows" not in page


@pytest.mark.parametrize("query", ["花子", "ハナコ", "@hana_ko", "hana", "ha"])
def test_a_person_is_found_by_handle_and_by_name(client, staff, query):
    found = UserFactory(handle="hana_ko", search_text=search_text("hana_ko", "花子 はなこ"))
    UserFactory()

    listed = client.get("/staff/accounts/user/", {"q": query}).context["cl"].result_list

    assert list(listed) == [found]


def test_the_suspended_are_found_among_all(client, staff):
    suspended, lifted = UserFactory(is_active=False, suspended_at=timezone.now()), UserFactory()
    for person in [suspended, lifted]:
        StaffActionFactory(kind="suspend", subject="profile", subject_id=person.pk)

    listed = client.get("/staff/accounts/user/?suspended=yes").context["cl"].result_list

    assert list(listed) == [suspended]


def test_a_report_leads_to_what_it_is_about(client, staff):
    entry = EntryFactory()
    about_an_entry = ReportFactory(subject="entry", subject_id=entry.pk, person=entry.owner)
    about_a_wall = ReportFactory(subject="wall")

    page = client.get("/staff/accounts/report/").content.decode()

    assert f'href="/staff/movies/entry/{entry.pk}/change/"' in page
    assert f'href="{address(about_a_wall.person)}"' in page
    assert client.get(address(about_an_entry)).status_code == 200


def test_reports_stand_newest_first_and_by_status(client, staff):
    first, judged, last = ReportFactory(), ReportFactory(status="upheld"), ReportFactory()

    listed = client.get("/staff/accounts/report/").context["cl"].result_list
    new = client.get("/staff/accounts/report/?status__exact=new").context["cl"].result_list

    assert list(listed) == [last, judged, first]
    assert list(new) == [last, first]


def test_a_report_is_judged_with_a_reason_and_nothing_else_of_it_changes(client, staff):
    report = ReportFactory(text="Theirs")

    client.post(address(report), {"status": "upheld", "why": "", "text": "Ours"})
    unjudged = StaffAction.objects.count()
    client.post(address(report), {"status": "upheld", "why": "So it is", "text": "Ours"})

    report.refresh_from_db()
    assert unjudged == 0
    assert (report.status, report.text) == ("upheld", "Theirs")
    assert StaffAction.objects.values_list("kind", "reason").get() == ("judge", "So it is")


def test_what_was_judged_is_not_made_new_again(client, staff):
    report = ReportFactory(status="upheld")

    client.post(address(report), {"status": "new", "why": "Once more"})
    client.post(address(report), {"status": "dismissed", "why": "A mistake"})

    report.refresh_from_db()
    assert report.status == "dismissed"
    assert StaffAction.objects.count() == 1


def test_a_message_is_marked_as_answered(client, staff):
    message, other = ContactMessageFactory(), ContactMessageFactory(status="closed")

    client.post(address(message), {"status": "answered", "why": "By mail"})

    listed = client.get("/staff/accounts/contactmessage/?status__exact=answered").context["cl"].result_list
    assert list(listed) == [message]
    assert StaffAction.objects.values_list("kind", "subject_id").get() == ("answer", message.pk)
    assert client.get(address(other)).status_code == 200


def test_what_staff_have_done_stands_on_the_page_and_in_a_list_that_nobody_changes(client, staff):
    person = UserFactory()
    act = StaffActionFactory(kind="clean", subject="profile", subject_id=person.pk, reason="<b>Insults</b>")
    StaffActionFactory()

    page = client.get(address(person)).content.decode()
    history = client.get(f"/staff/accounts/user/{person.pk}/history/", follow=True)

    assert "&lt;b&gt;Insults&lt;/b&gt;" in page
    assert list(history.context["cl"].result_list) == [act]
    assert client.get(address(act)).status_code == 200
    assert client.post(address(act), {"reason": "Nothing"}).status_code == 403


def test_a_long_list_is_counted_no_further_than_it_is_paged(client, staff, monkeypatch):
    monkeypatch.setattr(staff_pages, "MOST_COUNTED", 3)
    ReportFactory.create_batch(4)

    page = client.get("/staff/accounts/report/")

    assert page.context["cl"].result_count == 3
    assert "3+" in page.content.decode()


def test_a_list_that_is_just_full_is_counted_in_full(client, staff, monkeypatch):
    monkeypatch.setattr(staff_pages, "MOST_COUNTED", 3)
    ReportFactory.create_batch(3)

    assert "3+" not in client.get("/staff/accounts/report/").content.decode()


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_nobody_but_staff_acts(client, is_signed_in):
    person, report, message = UserFactory(), ReportFactory(), ContactMessageFactory()
    if is_signed_in:
        client.force_login(UserFactory())

    for row in [person, report, message]:
        sent = {"why": "Mine", "status": "closed", "display_name": "X", "is_suspended": "on"}
        assert client.post(address(row), sent).status_code == 302

    assert not StaffAction.objects.exists()
    assert User.objects.get(pk=person.pk).is_active
