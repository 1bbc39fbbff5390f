"""What the processes of test_two_workers.py do. Django is not there yet when they read this."""

from multiprocessing.synchronize import Barrier

import django
from django.conf import settings


def prepare(database: str, client_params: dict[str, object], line: Barrier) -> None:
    global start_line
    start_line = line
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    settings.ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": client_params}
    settings.MAIL_PER_SECOND = 1000


def work(pks: list[int]) -> list[str]:
    from accounts.mail.delivery import deliver
    from accounts.mail.letters import Letter

    start_line.wait(30)
    return [str(deliver(pk, lambda notice: Letter("件名", "本文", ""))) for pk in pks]
