import logging

import pytest
from django.conf import settings
from django.test import Client

from accounts.mail import unsubscribing
from accounts.mail.models import Kind
from tests.factories import MailboxFactory


@pytest.mark.django_db
def test_the_key_to_turn_mail_off_stands_in_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    path = unsubscribing.address(MailboxFactory().pk, Kind.REQUEST).removeprefix("http://testserver")
    client.put(path)
    client.get(path + "more/")
    (ours,) = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]

    lines = [ours.format(record) for record in caplog.records]

    assert len(lines) == 2
    assert all("/unsubscribe/…/" in line for line in lines)
    assert path.split("/")[2] not in str(lines)


@pytest.mark.django_db
def test_a_request_is_one_line_without_what_was_looked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings, "LOG_REQUESTS", True)

    client.get("/about/?q=secret", headers={"X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678"})
    client.get("/healthz/live")

    [line] = [record.msg for record in caplog.records if record.name == "mymovie.tracing"]
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/about/", 200)
    assert line["trace_id"] == "67891233abcdef012345678912345678"
    assert line["ms"] > 0
    assert "secret" not in str(line)
