import logging

import pytest
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
