import time

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.identity import jobs, services
from accounts.identity.proof import LATELY, PROVED_AT
from accounts.models import FormerHandle, Notice, StaffAction, User
from accounts.moderation import services as moderation
from accounts.people.avatars import picture_names, upload_name
from accounts.people.models import DELETION_AFTER
from accounts.people.services import following
from mymovie.uploads import StorageAway, kept_files
from tests.factories import EntryFactory, MailboxFactory, UserFactory
from tests.standins.oidc import OidcServer, leave, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/account/delete/"


def proved(client: Client, user: User, *, seconds_ago: float = 0) -> Client:
    client.force_login(user)
    session = client.session
    session[PROVED_AT] = time.time() - seconds_ago
    session.save()
    return client


def due(user: User) -> User:
    services.leave(user=user)
    User.objects.filter(pk=user.pk).update(deletion_asked_at=timezone.now() - DELETION_AFTER)
    user.refresh_from_db()
    return user


def known(oidc: OidcServer, **facts: object) -> User:
    return UserFactory(issuer=settings.OIDC_ISSUER, subject="subject-1", **facts)


# A fresh proof


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("seconds_ago", [LATELY + 5, None])
def test_without_a_fresh_proof_nothing_is_deleted(client: Client, method: str, seconds_ago: float | None) -> None:
    user = UserFactory()
    client.force_login(user)
    if seconds_ago is not None:
        proved(client, user, seconds_ago=seconds_ago)

    answer = getattr(client, method)(PAGE)

    assert answer.status_code == 403
    assert f"/sign-in/?again=1&amp;next={PAGE.replace('/', '%2F')}" in answer.content.decode()
    assert User.objects.get().is_active


def test_the_provider_is_asked_for_the_proof_anew(client: Client, oidc: OidcServer) -> None:
    client.force_login(known(oidc))

    assert leave(client, f"/sign-in/?again=1&next={PAGE}")["prompt"] == "login"
    assert "prompt" not in leave(Client(), "/sign-in/")


def test_the_proof_is_as_old_as_the_provider_says(client: Client, oidc: OidcServer) -> None:
    known(oidc)

    for proved_at, status in ((int(time.time()), 200), (int(time.time()) - 3600, 403), (None, 403), ("now", 403)):
        sign_in(client, oidc, f"/sign-in/?again=1&next={PAGE}", auth_time=proved_at)
        assert client.get(PAGE).status_code == status


# Leaving


def test_who_leaves_is_hidden_at_once_and_all_their_sessions_are_over(client: Client) -> None:
    user, elsewhere = UserFactory(handle="hanako"), Client()
    EntryFactory(owner=user)
    elsewhere.force_login(user)

    answer = proved(client, user).post(PAGE)

    assert answer.headers["Location"] == "/goodbye/"
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/deleted/").headers["Location"] == "/sign-in/?next=/deleted/"
    assert Client().get("/@hanako/").status_code == 404
    assert Client().get("/people/?q=hanako").context["people"] == []


def test_who_leaves_is_counted_no_more_and_again_when_they_stay() -> None:
    leaver, reader = UserFactory(), UserFactory()
    following.follow(follower=reader, followee=leaver)
    following.follow(follower=leaver, followee=reader)

    services.leave(user=leaver)
    reader.refresh_from_db()
    assert (reader.followers_count, reader.following_count) == (0, 0)

    services.stay(user=leaver)
    reader.refresh_from_db()
    assert (reader.followers_count, reader.following_count) == (1, 1)


def test_within_a_fortnight_it_can_be_taken_back_but_old_sessions_stay_over(client: Client, oidc: OidcServer) -> None:
    user, elsewhere = known(oidc, handle="hanako"), Client()
    elsewhere.force_login(user)
    services.leave(user=user)

    assert sign_in(client, oidc).headers["Location"] == "/welcome-back/"
    assert client.get("/welcome-back/").status_code == 200
    assert not User.objects.get().is_active, "looking takes nothing back"
    assert client.post("/welcome-back/").headers["Location"] == "/"

    assert Client().get("/@hanako/").status_code == 200
    assert client.get("/deleted/").status_code == 200
    assert elsewhere.get("/deleted/").status_code == 302


def test_whoever_is_suspended_meanwhile_stays_out(client: Client, oidc: OidcServer) -> None:
    user = known(oidc)
    services.leave(user=user)
    sign_in(client, oidc)
    moderation.suspend(actor=UserFactory(is_staff=True), person=user, reason="Threats")

    assert client.post("/welcome-back/").status_code == 403
    assert sign_in(Client(), oidc).status_code == 403


def test_after_the_fortnight_it_is_too_late(client: Client, oidc: OidcServer) -> None:
    user = known(oidc)
    services.leave(user=user)
    sign_in(client, oidc)
    due(user)

    assert client.post("/welcome-back/").status_code == 403
    assert sign_in(Client(), oidc).status_code == 403


def test_nobody_comes_back_who_is_not_leaving(client: Client) -> None:
    assert client.post("/welcome-back/").headers["Location"] == "/"
    assert client.get("/welcome-back/").headers["Location"] == "/"


# The end


def test_an_account_ends_after_a_fortnight_and_not_before() -> None:
    user = UserFactory(handle="hanako")
    services.leave(user=user)
    assert jobs.end_accounts() == 0

    due(user)

    assert jobs.end_accounts() == 1
    assert jobs.end_accounts() == 0
    assert not User.objects.exists()
    assert FormerHandle.objects.get().owner is None


def test_who_has_taken_it_back_is_not_ended() -> None:
    user = UserFactory()
    services.leave(user=user)
    services.stay(user=user)

    assert jobs.end_accounts() == 0
    assert User.objects.get().is_active


def test_one_account_that_cannot_end_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second = due(UserFactory()), due(UserFactory())
    end = jobs._end

    def fail_once(pk: int) -> bool:
        if pk == first.pk:
            raise RuntimeError
        return end(pk)

    monkeypatch.setattr(jobs, "_end", fail_once)

    assert jobs.end_accounts() == 1
    assert User.objects.get() == first


def test_pictures_end_with_the_account_and_the_account_waits_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "ab" * 16
    user = due(UserFactory(avatar=token, avatar_upload=upload_name("cd" * 16)))
    names = [*picture_names(token).values(), user.avatar_upload]
    with kept_files() as storage:
        for name in names:
            storage.save(name, ContentFile(b"."))

    def away(names: object) -> None:
        raise StorageAway

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "delete", away)
        assert jobs.end_accounts() == 0
    assert jobs.end_accounts() == 1

    with kept_files() as storage:
        assert not any(storage.exists(name) for name in names)


def test_what_staff_did_is_kept_without_what_stood_there() -> None:
    user = UserFactory(bio="Secret")
    moderation.clean_profile(actor=UserFactory(is_staff=True), person=user, changes={"bio": ""}, reason="Rude")

    due(user)
    jobs.end_accounts()

    act = StaffAction.objects.get()
    assert (act.subject_id, act.reason, act.details) == (user.pk, "Rude", {})


# The mail that says so


def test_who_leaves_is_told_how_to_take_it_back(client: Client) -> None:
    person = MailboxFactory(user=UserFactory(handle="hanako", language="en")).user
    proved(client, person).post(PAGE)
    services.leave(user=person)
    notice = Notice.objects.get()

    jobs.mail_leaving(notice.pk)

    (sent,) = mail.outbox
    assert sent.to == [person.mailbox.address]
    assert "@hanako" in sent.body
    assert "/en/sign-in/" in sent.body
    assert "List-Unsubscribe" not in sent.extra_headers


def test_each_asking_is_told_of_once_and_what_was_taken_back_is_not(client: Client) -> None:
    person = MailboxFactory().user
    for _ in range(2):
        services.leave(user=person)
        services.stay(user=person)
    first, second = Notice.objects.order_by("pk")

    services.leave(user=person)
    for notice in (first, second, Notice.objects.latest("pk")):
        jobs.mail_leaving(notice.pk)

    assert Notice.objects.count() == 3
    assert len(mail.outbox) == 1
