import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest
from django.db import connection

from accounts.mail.models import Notice, State
from tests.accounts.mail.workers import prepare, work
from tests.factories import MailboxFactory, NoticeFactory
from tests.standins.ses import Ses, client_params

MAILS = 12


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_on_the_same_notices_send_each_mail_once(ses: Ses) -> None:
    pks = [NoticeFactory(recipient=MailboxFactory().user).pk for _ in range(MAILS)]
    ses.hangs_for = 0.02
    context = multiprocessing.get_context("spawn")
    ready = (connection.settings_dict["NAME"], client_params(ses.address), context.Barrier(2))

    with ProcessPoolExecutor(2, context, prepare, ready) as processes:
        list(processes.map(work, [pks, pks]))

    told = [one["EmailTags"][0]["Value"] for one in ses.asked]
    assert sorted(told) == sorted(map(str, pks))
    assert Notice.objects.filter(state=State.SENT).count() == MAILS
