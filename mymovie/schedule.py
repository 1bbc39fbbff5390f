"""The one list of what is done again and again, by `manage.py work`. Every job is safe to repeat, and to run twice at once."""

import datetime
from typing import NamedTuple

from django.utils.module_loading import import_string


class Chore(NamedTuple):
    every: datetime.timedelta
    job: str

    def do(self) -> None:
        import_string(self.job)()


SECOND, HOUR = datetime.timedelta(seconds=1), datetime.timedelta(hours=1)

CHORES = [
    Chore(SECOND, "accounts.people.jobs.paint_avatars"),
    Chore(10 * SECOND, "accounts.contact.jobs.mail_staff"),
    Chore(HOUR, "accounts.identity.jobs.end_accounts"),
    Chore(HOUR, "accounts.identity.jobs.forget_former_handles"),
    Chore(HOUR, "accounts.identity.jobs.forget_ended_sessions"),
    Chore(HOUR, "movies.diary.jobs.purge_deleted"),
    Chore(HOUR, "mymovie.limits.jobs.forget_past"),
]
