"""What is asked of the worker."""

import datetime
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from movies.diary.wall import Dates, Order
from movies.sharing import tasks
from movies.sharing.models import WallPoster
from movies.sharing.subjects import Subject
from mymovie.limits.services import Limit
from mymovie.outbox import services as outbox

POSTERS = Limit("wall poster", 5, datetime.timedelta(days=1))


def ask_for_picture(subject: Subject, *, wait: datetime.timedelta = datetime.timedelta()) -> None:
    """Have it painted, once for all who ask meanwhile; `wait`: as more changes may follow. Call this last in the
    transaction."""
    at = timezone.now() + wait
    outbox.add(tasks.paint_picture, available_at=at, dedupe_key=subject.key, **asdict(subject))


@transaction.atomic
def order_poster(*, owner: User, order: Order, dates: Dates, is_whole: bool, language: str) -> WallPoster:
    """A sheet of `owner`'s wall as it stands when the worker comes to it; pressed twice, one."""
    list(User.objects.in_one_order([owner]))
    wanted = {"owner": owner, "order": order, "dates": dates, "is_whole": is_whole, "language": language}
    if waiting := WallPoster.objects.filter(**wanted, state=WallPoster.State.WAITING).order_by("-pk").first():
        return waiting
    poster = WallPoster.objects.create(**wanted)
    outbox.add(tasks.paint_poster, dedupe_key=f"poster {poster.pk}", poster_id=poster.pk)
    return poster
