"""From a wish to the one mail about it, by every real part but time: page, planner, outbox, relay, SQS, task, SES."""

import base64
import datetime
import json
import os
import re
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.mail import sending
from infra.local.aws import ACCOUNT
from movies.diary.models import Wish
from movies.releases.planning import plan_reminders
from mymovie.background import TASKS
from mymovie.celery import app
from mymovie.outbox.models import Message
from mymovie.outbox.relay import relay_batch
from tests.factories import FilmFactory, MailboxFactory
from tests.standins.queues import bodies

pytestmark = pytest.mark.django_db

OPENS_ON = datetime.date(2026, 12, 4)
ADDRESS = "journey@example.com"


def mails() -> list[dict[str, str]]:
    """What the SES of this machine has for us."""
    shown = httpx.get(f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages").json()["messages"]
    return [mail for mail in shown.get(ACCOUNT, []) if mail["To"] == [ADDRESS]]


def do_what_is_due() -> None:
    """Relay what stands in the outbox, and work on what comes out of SQS as a worker does."""
    Message.objects.update(available_at=timezone.now())
    while relay_batch(app):
        pass
    for body in bodies("mail-bulk"):
        message = json.loads(base64.b64decode(body))
        _args, kwargs, _embed = json.loads(base64.b64decode(message["body"]))
        TASKS[message["headers"]["task"]](**kwargs)


def test_a_wish_leads_to_one_mail_whose_header_ends_all_others(
    client: Client, settings: Settings, own_queues: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    sending._connection.cache_clear()
    now = datetime.datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    monkeypatch.setattr(timezone, "now", lambda: now)
    person = MailboxFactory(address=ADDRESS, user__language="en").user
    first, second = (
        FilmFactory(title_en=title, japan_on=day, japan_precision="day")
        for title, day in (("A Garden of Time", OPENS_ON), ("The Ferry", OPENS_ON + datetime.timedelta(days=7)))
    )
    client.force_login(person)
    for film in (first, second):
        assert client.post(f"/films/{film.pk}/wish/").status_code == 302
    assert Wish.objects.count() == 2
    plan_reminders()
    do_what_is_due()
    assert mails() == []

    now += datetime.timedelta(days=9)  # at noon of the day on which the first opens
    for _ in range(2):
        plan_reminders()
        do_what_is_due()

    (mail,) = mails()
    assert mail["Subject"].strip() == "“A Garden of Time” opens in cinemas in Japan today"
    unsubscribe = re.search(rf"{settings.SITE_URL}(/unsubscribe/\S+)", mail["BodyText"])
    assert unsubscribe

    visitor = Client(enforce_csrf_checks=True)  # as a mail program does: without cookies
    answer = visitor.post(unsubscribe[1], {"List-Unsubscribe": "One-Click"})
    now += datetime.timedelta(days=7)
    plan_reminders()
    do_what_is_due()

    assert answer.status_code == 200
    assert len(mails()) == 1
    sending._connection.cache_clear()
