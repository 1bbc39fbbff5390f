"""The one list of periodic work. Locally Celery's beat reads it; in production EventBridge Scheduler is made from it.

Every job is safe to repeat; that one slot is worked on once is seen to by `mymovie.outbox.jobs.run_chore`.
"""

import datetime
from typing import NamedTuple

from django.utils.module_loading import import_string


class Chore(NamedTuple):
    every: datetime.timedelta
    job: str
    queue: str = "tmdb"

    def do(self) -> None:
        import_string(self.job)()

    def slot_at(self, moment: datetime.datetime) -> datetime.datetime:
        """The slot that `moment` lies in: slots begin at midnight 1970, UTC, and follow."""
        seconds = self.every.total_seconds()
        return datetime.datetime.fromtimestamp(moment.timestamp() // seconds * seconds, datetime.UTC)


MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)

CHORES = {
    "paint_avatars": Chore(10 * MINUTE, "accounts.people.jobs.paint_avatars", "media"),
    "doubt_old_claims": Chore(10 * MINUTE, "accounts.mail.jobs.doubt_old_claims", "mail-urgent"),
    "tell_of_followers": Chore(HOUR, "accounts.people.digests.tell_of_followers", "mail-bulk"),
    "forget_notices": Chore(24 * HOUR, "accounts.mail.jobs.forget_notices"),
    "end_accounts": Chore(HOUR, "accounts.identity.jobs.end_accounts"),
    "forget_former_handles": Chore(HOUR, "accounts.identity.jobs.forget_former_handles"),
    "forget_ended_sessions": Chore(HOUR, "accounts.identity.jobs.forget_ended_sessions"),
    "purge_deleted": Chore(HOUR, "movies.diary.jobs.purge_deleted"),
    "forget_counts": Chore(HOUR, "mymovie.limits.jobs.forget_past"),
    "forget_runs": Chore(24 * HOUR, "mymovie.outbox.jobs.forget_runs"),
}
