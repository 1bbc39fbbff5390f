"""Pictures follow what they show: what is no longer for everybody loses its picture within a minute, a wall that has
changed gets a new one, and nothing is kept that nobody looks at."""

import datetime

import structlog
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.models import User
from movies.sharing.models import POSTER_KEPT_FOR, Picture, WallPoster
from movies.sharing.painting import EDITION
from movies.sharing.services import ask_for_picture
from movies.sharing.subjects import EVERYBODY, FIRST, Subject, no_longer_shown
from mymovie.uploads import StorageAway, delete

AT_ONCE = 500
MOST_WALLS = 200  # to be painted, each minute
SETTLES_IN = datetime.timedelta(seconds=30)  # and the next look is a minute later
RECENT = datetime.timedelta(days=30)
KEPT_FOR = datetime.timedelta(days=60)
HOPELESS_AFTER = datetime.timedelta(hours=2)

log = structlog.get_logger(__name__)


def look_over_pictures() -> None:
    try:
        _forget(no_longer_shown().order_by("pk")[:AT_ONCE])
        _forget(WallPoster.objects.filter(owner=None).order_by("pk")[:AT_ONCE])
    except StorageAway:
        log.warning("pictures.waiting")
    paint_changed_walls()


def paint_changed_walls() -> int:
    """Those that everybody may see and that have another revision than their picture, or changed lately and have none;
    says how many. In their owner's language, as they stand where the address says nothing."""
    pictures = Picture.objects.filter(kind=Picture.Kind.WALL, owner=OuterRef("pk"), arrangement=FIRST)
    own = pictures.filter(language=OuterRef("language"))
    newest = Concat(Cast(OuterRef("public_revision"), CharField()), Value(f"-{EDITION}"))
    outdated = Exists(own) & ~Exists(own.filter(version=newest))
    is_new = ~Exists(own) & Q(last_shown_at__gt=timezone.now() - RECENT)
    changed = User.objects.with_films_on_show(EVERYBODY).filter(outdated | is_new)
    walls = changed.order_by(F("last_shown_at").desc(nulls_last=True), "-pk").values_list("pk", "language")
    for pk, language in (found := list(walls[:MOST_WALLS])):
        ask_for_picture(Subject(Picture.Kind.WALL, pk, language, FIRST), wait=SETTLES_IN)
    return len(found)


def forget_old() -> None:
    """Posters whose time is over, those that were never painted, and pictures of long ago: whoever asks for one of these
    has it painted anew."""
    now = timezone.now()
    hopeless = WallPoster.objects.filter(state=WallPoster.State.WAITING, asked_at__lt=now - HOPELESS_AFTER)
    hopeless.update(state=WallPoster.State.FAILED, ended_at=now)
    try:
        _forget(WallPoster.objects.filter(asked_at__lt=now - POSTER_KEPT_FOR).order_by("pk"))
        _forget(Picture.objects.filter(painted_at__lt=now - KEPT_FOR).order_by("pk")[:AT_ONCE])
    except StorageAway:
        log.warning("pictures.waiting")


def _forget(rows: QuerySet[Picture] | QuerySet[WallPoster]) -> None:
    """The files first, as without its row nobody would know of one. Raises StorageAway."""
    for pk, name in list(rows.values_list("pk", "stored_as")):
        if name:
            delete([name])
        # Not one that has just been painted anew.
        rows.model._default_manager.filter(pk=pk, stored_as=name).delete()
