"""A hundred thousand people wait for one film, and it opens today; in short, two thousand."""

import resource
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.contact.tasks import mail_staff
from accounts.mail.models import Notice
from movies.releases.planning import plan_reminders
from mymovie.celery import app
from mymovie.outbox.models import Message
from mymovie.outbox.relay import relay_batch
from mymovie.outbox.services import add
from tests.faults.figures import Note
from tests.faults.serving import IS_WHOLE
from tests.standins.queues import bodies

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 100_000 if IS_WHOLE else 2_000
SEED = """
    INSERT INTO movies_film (original_title, original_language, title_ja, title_en, title_kana, overview_ja, overview_en,
        country, poster_path, world_precision, japan_on, japan_precision, fame, unverified, search_text, changed_at)
    VALUES ('Film', '', '', '', '', '', '', '', '', '', %(today)s, 'day', 0, '{}', '', now());
    INSERT INTO accounts_user (issuer, subject, handle, display_name, bio, url, search_text, avatar_upload, avatar,
        avatar_is_unreadable, shows_age, language, time_zone, color_scheme, wall_visibility, default_visibility,
        wall_revision, public_revision, films_shown, followers_count, following_count, requests_count, is_active,
        sessions_ended, is_staff, joined_at)
    SELECT 'seed', n, 'p' || n, 'p', '', '', '', '', '', false, false, 'ja', 'Asia/Tokyo', 'system', 'public', 'public',
        1, 1, 0, 0, 0, 0, true, 0, false, now() FROM generate_series(1, %(people)s) AS n;
    INSERT INTO accounts_mailbox (user_id, address, wants_reminders, wants_requests, wants_followers, followers_told_until)
    SELECT id, handle || '@example.com', true, true, true, now() FROM accounts_user WHERE issuer = 'seed';
    INSERT INTO movies_wish (owner_id, film_id, wished_at, reminds_of_cinema, reminds_of_digital, reminds_a_week_before,
        known_cinema_on)
    SELECT accounts_user.id, movies_film.id, now() - interval '9 days', true, false, false, japan_on
    FROM accounts_user, movies_film WHERE issuer = 'seed';
    ANALYZE;
"""


def timed(work: Callable[[], int]) -> tuple[int, float]:
    began = time.monotonic()
    return work(), time.monotonic() - began


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_day_for_which_many_wait_is_planned_once(
    fast_sqs: object, monkeypatch: pytest.MonkeyPatch, note: Note
) -> None:
    noon = timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).replace(hour=12)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    with connection.cursor() as cursor:
        cursor.execute(SEED, {"today": noon.date(), "people": PEOPLE})
    before = megabytes()

    written, took = timed(plan_reminders)
    more = megabytes() - before
    again, _took = timed(plan_reminders)

    last = Message.objects.latest("available_at").available_at - noon
    note("R7", f"{written:,} reminders planned in, s", took, at_most=120)
    note("R7", "MB more than before", more, at_most=300)
    note("R7", "the last to go out after, min", last.total_seconds() / 60)
    assert (Notice.objects.count(), written, again) == (PEOPLE, PEOPLE, 0)
    assert PEOPLE / last.total_seconds() <= settings.MAIL_PER_SECOND

    add(mail_staff)
    _sent, took = timed(lambda: relay_batch(app))
    note("R7", "an urgent mail at its queue all the same after, ms", 1000 * took)
    assert len(bodies("mail-urgent")) == 1
