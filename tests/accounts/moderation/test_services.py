import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.models import Report, StaffAction, User
from accounts.moderation import services
from accounts.moderation.models import Status
from accounts.people.services import following
from mymovie.folding import search_text
from tests.factories import ContactMessageFactory, FollowFactory, ReportFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, handle="helper")


def tell(reporter, person, *, reason="spam", text=""):
    return services.report(
        reporter=reporter, subject="profile", subject_id=person.pk, person=person, reason=reason, text=text
    )


def acts():
    return list(
        StaffAction.objects.order_by("pk").values_list("actor_handle", "kind", "subject", "subject_id", "reason")
    )


def test_a_report_told_again_while_it_is_new_is_the_same_with_the_newer_words():
    reporter, person = UserFactory(), UserFactory()

    first = tell(reporter, person, text="Look.")
    again = tell(reporter, person, reason="abuse", text="Look again.")

    assert first == again
    assert Report.objects.values_list("reason", "text").get() == ("abuse", "Look again.")


def test_a_report_told_again_without_words_keeps_those_it_had():
    reporter, person = UserFactory(), UserFactory()
    tell(reporter, person, text="Look.")

    tell(reporter, person)

    assert Report.objects.get().text == "Look."


def test_a_report_told_again_after_it_was_judged_is_a_new_one():
    judged = ReportFactory(status=Status.DISMISSED)

    tell(judged.reporter, judged.person)

    assert Report.objects.filter(status=Status.NEW).count() == 1
    assert Report.objects.count() == 2


def test_two_people_may_report_the_same():
    person = UserFactory()

    tell(UserFactory(), person)
    tell(UserFactory(), person)

    assert Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_reports_at_once_are_one():
    reporter, person = UserFactory(), UserFactory()
    failures = []

    def send():
        try:
            tell(reporter, person)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Report.objects.count() == 1


def test_suspending_somebody_is_recorded_with_who_when_and_why(staff):
    person, before = UserFactory(), timezone.now()

    services.suspend(actor=staff, person=person, reason="Threats")

    person.refresh_from_db()
    assert (person.is_active, person.sessions_ended) == (False, 1)
    assert before < person.suspended_at
    assert acts() == [("helper", "suspend", "profile", person.pk, "Threats")]
    assert before < StaffAction.objects.get().acted_at
    assert StaffAction.objects.get().actor == staff


def test_suspending_twice_is_suspending_once(staff):
    person = UserFactory()

    services.suspend(actor=staff, person=person, reason="Threats")
    services.suspend(actor=staff, person=person, reason="Threats")

    assert User.objects.get(pk=person.pk).sessions_ended == len(acts()) == 1


@pytest.mark.parametrize("is_self", [True, False])
def test_staff_suspend_neither_themselves_nor_each_other(staff, is_self):
    colleague = staff if is_self else UserFactory(is_staff=True)

    with pytest.raises(services.Colleague):
        services.suspend(actor=staff, person=colleague, reason="Threats")

    assert User.objects.get(pk=colleague.pk).is_active
    assert acts() == []


def test_who_is_suspended_is_no_longer_counted_and_counts_again_afterwards(staff):
    person, reader, read = UserFactory(), UserFactory(), UserFactory()
    following.follow(follower=person, followee=read)
    following.follow(follower=reader, followee=person)

    services.suspend(actor=staff, person=person, reason="Threats")
    counted_without = (
        User.objects.get(pk=read.pk).followers_count,
        User.objects.get(pk=reader.pk).following_count,
    )
    services.lift(actor=staff, person=person, reason="A mistake")

    assert counted_without == (0, 0)
    assert User.objects.get(pk=read.pk).followers_count == User.objects.get(pk=reader.pk).following_count == 1


def test_lifting_a_suspension_lets_somebody_in_again_and_is_recorded_once(staff):
    person = UserFactory(is_active=False, suspended_at=timezone.now(), sessions_ended=1)

    services.lift(actor=staff, person=person, reason="A mistake")
    services.lift(actor=staff, person=person, reason="A mistake")

    person.refresh_from_db()
    assert (person.is_active, person.suspended_at, person.sessions_ended) == (True, None, 1)
    assert acts() == [("helper", "lift", "profile", person.pk, "A mistake")]


def test_who_asked_to_be_deleted_stays_away_when_the_suspension_is_lifted(staff):
    now = timezone.now()
    person = UserFactory(is_active=False, suspended_at=now, deletion_asked_at=now)

    services.lift(actor=staff, person=person, reason="A mistake")

    person.refresh_from_db()
    assert (person.is_active, person.suspended_at) == (False, None)


def test_cleaning_a_profile_keeps_what_was_there_in_the_act(staff):
    person = UserFactory(display_name="Rude", bio="Rude words", public_revision=7)

    services.clean_profile(actor=staff, person=person, changes={"display_name": "Person", "bio": ""}, reason="Insults")

    person.refresh_from_db()
    assert (person.display_name, person.bio, person.public_revision) == ("Person", "", 8)
    assert person.search_text == search_text(person.handle, "Person")
    assert acts() == [("helper", "clean", "profile", person.pk, "Insults")]
    assert StaffAction.objects.get().details == {"was": {"display_name": "Rude", "bio": "Rude words"}}


def test_cleaning_what_is_clean_already_is_no_act(staff):
    person = UserFactory(bio="")

    services.clean_profile(actor=staff, person=person, changes={"bio": ""}, removes_picture=True, reason="Insults")

    assert acts() == []


def test_a_picture_that_is_taken_away_is_gone_from_the_storage_too(staff, django_capture_on_commit_callbacks):
    token = "ab" * 16
    name = default_storage.save(f"avatars/{token}-64.webp", ContentFile(b"picture"))
    person = UserFactory(avatar=token)

    with django_capture_on_commit_callbacks(execute=True):
        services.clean_profile(actor=staff, person=person, changes={}, removes_picture=True, reason="Insults")

    person.refresh_from_db()
    assert (person.avatar, person.public_revision) == ("", 2)
    assert not default_storage.exists(name)
    assert StaffAction.objects.get().details == {"was": {"avatar": token}}


def test_judging_a_report_is_recorded_once(staff):
    report = ReportFactory()

    services.judge(actor=staff, report=report, status=Status.UPHELD, reason="So it is")
    services.judge(actor=staff, report=report, status=Status.UPHELD, reason="So it is")

    report.refresh_from_db()
    assert report.status == Status.UPHELD
    assert acts() == [("helper", "judge", "report", report.pk, "So it is")]
    assert StaffAction.objects.get().details == {"was": "new", "is": "upheld"}


def test_handling_a_message_is_recorded(staff):
    message = ContactMessageFactory()

    services.answer(actor=staff, message=message, status="answered", reason="By mail")

    message.refresh_from_db()
    assert message.status == "answered"
    assert acts() == [("helper", "answer", "contact", message.pk, "By mail")]


def test_an_act_that_fails_leaves_no_trace(staff, monkeypatch):
    person = FollowFactory().follower

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(services, "note_act", fail)
    with pytest.raises(RuntimeError):
        services.suspend(actor=staff, person=person, reason="Threats")

    assert User.objects.get(pk=person.pk).is_active
