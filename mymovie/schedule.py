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
    begins: datetime.timedelta = datetime.timedelta()
    """How long after midnight, UTC, the first slot of a day begins."""

    def do(self) -> None:
        import_string(self.job)()

    def slot_at(self, moment: datetime.datetime) -> datetime.datetime:
        """The slot that `moment` lies in: slots begin in 1970, and follow."""
        every, begins = self.every.total_seconds(), self.begins.total_seconds()
        return datetime.datetime.fromtimestamp((moment.timestamp() - begins) // every * every + begins, datetime.UTC)


MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
NIGHT = 18 * HOUR  # three in the morning in Japan

CHORES = {
    "paint_avatars": Chore(10 * MINUTE, "accounts.people.jobs.paint_avatars", "media"),
    "tell_staff": Chore(HOUR, "accounts.contact.services.tell_staff_of_the_rest", "mail-urgent"),
    "plan_reminders": Chore(10 * MINUTE, "movies.releases.planning.plan_reminders", "mail-bulk"),
    "doubt_old_claims": Chore(10 * MINUTE, "accounts.mail.jobs.doubt_old_claims", "mail-urgent"),
    "tell_of_followers": Chore(HOUR, "accounts.people.digests.tell_of_followers", "mail-bulk"),
    "tell_who_follows_many": Chore(HOUR, "accounts.people.services.following.tell_who_follows_many"),
    "forget_notices": Chore(24 * HOUR, "accounts.mail.jobs.forget_notices"),
    "end_accounts": Chore(HOUR, "accounts.identity.jobs.end_accounts"),
    "forget_former_handles": Chore(HOUR, "accounts.identity.jobs.forget_former_handles"),
    "forget_ended_sessions": Chore(HOUR, "accounts.identity.jobs.forget_ended_sessions"),
    "purge_deleted": Chore(HOUR, "movies.diary.jobs.purge_deleted"),
    "look_for_sheets": Chore(10 * MINUTE, "movies.releases.arrivals.look_for_sheets", "imports"),
    "wake_imports": Chore(MINUTE, "movies.imports.watching.wake", "imports"),
    "look_for_imports": Chore(10 * MINUTE, "movies.imports.watching.look_for_files", "imports"),
    "look_over_pictures": Chore(MINUTE, "movies.sharing.keeping.look_over_pictures", "media"),
    "forget_pictures": Chore(HOUR, "movies.sharing.keeping.forget_old", "media"),
    "refresh_stale": Chore(HOUR, "movies.diary.asking.refresh_stale"),
    "resolve_bundled": Chore(HOUR, "movies.diary.asking.resolve_bundled"),
    "refresh_changed": Chore(24 * HOUR, "movies.diary.asking.refresh_changed", begins=NIGHT),
    "discover_openings": Chore(24 * HOUR, "movies.diary.asking.discover_openings", begins=NIGHT),
    "forget_old_facts": Chore(HOUR, "movies.diary.forgetting.forget_old_facts"),
    "forget_answers": Chore(HOUR, "mymovie.rest.jobs.forget_answers"),
    "forget_counts": Chore(HOUR, "mymovie.limits.jobs.forget_past"),
    "forget_runs": Chore(24 * HOUR, "mymovie.outbox.jobs.forget_runs"),
}
