"""Who may do what on the pages: a line for every address, with what GET and POST answer to each person."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.mail import unsubscribing
from accounts.mail.models import Kind
from tests.security.roles import ROLES, World

# What is answered to an anonymous person, a stranger, a follower, one who is blocked, the owner, and staff.
ALL = "200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200"
ON = "302 302 302 302 302 302"
NOBODY = "405 405 405 405 405 405"
NOT_AT_ALL = "302 405 405 405 405 405"  # an anonymous person is asked to sign in before anything else
FOR_NOBODY = "404 404 404 404 404 404"
OPEN_TO_FOLLOWERS = "404 404 200 404 200 404"
OWNERS_PAGE = "302 404 404 404 200 404"
OWNERS_ACT = "302 404 404 404 302 404"
ON_ANOTHER = "302 302 302 404 404 302"


@dataclass(frozen=True)
class Address:
    path: Callable[[World], dict[str, object]] = lambda world: {}
    get: str = ALL
    post: str = NOBODY
    data: dict[str, object] = field(default_factory=dict)


def owner(world: World) -> dict[str, object]:
    return {"handle": world.owner.handle}


def film(world: World) -> dict[str, object]:
    return {"pk": world.entry.film.pk}


def entry(world: World) -> dict[str, object]:
    return {"pk": world.entry.pk}


def viewing(world: World) -> dict[str, object]:
    return {"pk": world.viewing.pk}


def film_list(world: World) -> dict[str, object]:
    return {"pk": world.film_list.pk}


def batch(world: World) -> dict[str, object]:
    return {"pk": world.batch.pk}


def mention(world: World) -> dict[str, object]:
    return batch(world) | {"mention": world.mention.pk}


def token(world: World) -> dict[str, object]:
    return {"token": unsubscribing.address(world.mailbox.pk, Kind.REMINDER).split("/")[-2]}


RECORD = {"score": "50", "watched": "unknown", "visibility": "public", "submission": str(uuid.uuid4())}
REPORT = {"reason": "spam"}

TABLE = {
    # Pages for all
    "home": Address(get="200 302 302 302 302 302"),
    "about": Address(),
    "terms": Address(),
    "privacy": Address(),
    "search": Address(),
    "search_tmdb": Address(get="400 400 400 400 400 400"),
    "quick": Address(),
    "quick_tmdb": Address(get="400 400 400 400 400 400"),
    "quick_film": Address(film),
    "people": Address(),
    "random_wall": Address(get=ON),
    "mail_events": Address(get=NOBODY, post="403 403 403 403 403 403"),  # by SNS alone, with its signature
    "unsubscribe": Address(token, post=ALL),
    "calendar_feed": Address(lambda world: {"token": world.calendar_token}),  # its address is the key
    "contact": Address(post="400 400 400 400 400 400"),  # its own proof is missing
    "contact_sent": Address(),
    "drawn_poster": Address(lambda world: film(world) | {"version": "0", "language": "ja"}, get=ALL),
    "avatar": Address(lambda world: {"token": "0" * 32, "size": 64}, get="404 404 404 404 404 404", post=NOBODY),
    "upcoming": Address(),
    "service_worker": Address(),
    "manifest": Address(),
    "offline": Address(),
    "share": Address(get=ON),
    # What is shared is for everybody, or for nobody: these answer the owner of a wall for followers as they do a stranger.
    "wall_picture": Address(owner, get=FOR_NOBODY),
    "entry_picture": Address(lambda world: owner(world) | film(world), get=FOR_NOBODY),
    "film_picture": Address(film),
    "wall_rss": Address(owner, get=FOR_NOBODY),
    "feed_rss": Address(lambda world: {"token": world.feed_token}),  # its address is the key
    "oembed": Address(get="400 400 400 400 400 400"),
    "film": Address(lambda world: film(world) | {"slug": world.entry.film.slug}),
    "film_reviews": Address(lambda world: film(world) | {"slug": world.entry.film.slug}),
    "person": Address(lambda world: {"pk": world.director.pk, "slug": world.director.slug}),
    # One's walls and those of others
    "wall": Address(owner, get="200 200 200 404 200 200"),
    "stats": Address(owner, get="200 200 200 404 200 200"),
    "entry": Address(lambda world: owner(world) | film(world) | {"slug": world.entry.film.slug}, get=OPEN_TO_FOLLOWERS),
    "reviews": Address(owner, get="200 200 200 404 200 200"),
    "followers": Address(owner, get=OPEN_TO_FOLLOWERS),
    "following": Address(owner, get=OPEN_TO_FOLLOWERS),
    "compare": Address(lambda world: owner(world) | {"other": "other"}, get=OPEN_TO_FOLLOWERS),
    # What is done with people
    "follow": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "unfollow": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "accept_follower": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "remove_follower": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "block": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "unblock": Address(owner, get=NOT_AT_ALL, post="302 404 404 404 404 404"),
    "mute": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "unmute": Address(owner, get=NOT_AT_ALL, post=ON_ANOTHER),
    "report_profile": Address(owner, get="302 200 200 404 404 200", post=ON_ANOTHER, data=REPORT),
    "report_wall": Address(owner, get="302 404 200 404 404 404", post="302 404 302 404 404 404", data=REPORT),
    "report_entry": Address(entry, get="302 404 200 404 404 404", post="302 404 302 404 404 404", data=REPORT),
    # One's own
    "feed": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "deleted_entries": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "watchlist": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "lists": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "list": Address(film_list, get=OWNERS_PAGE, post=NOT_AT_ALL),
    "delete_list": Address(film_list, get=NOT_AT_ALL, post=OWNERS_ACT),
    "wish": Address(film, get=NOT_AT_ALL, post=ON),
    "unwish": Address(film, get=NOT_AT_ALL, post=ON),
    "wish_from_tmdb": Address(lambda world: {"tmdb_id": world.entry.film.tmdb_id}, NOT_AT_ALL, ON),
    "change_reminders": Address(lambda world: {"pk": world.wish.film.pk}, get=NOT_AT_ALL, post=OWNERS_ACT),
    "record": Address(film, get=SIGNED_IN, post=ON, data=RECORD),
    "record_from_tmdb": Address(lambda world: {"tmdb_id": world.entry.film.tmdb_id}, SIGNED_IN, ON, RECORD),
    "quick_film_from_tmdb": Address(lambda world: {"tmdb_id": world.entry.film.tmdb_id}, SIGNED_IN, NOT_AT_ALL),
    "undo_change": Address(entry, NOT_AT_ALL, OWNERS_ACT, {"score": "50", "submission": str(uuid.uuid4())}),
    "preview_review": Address(get=NOT_AT_ALL, post="302 200 200 200 200 200", data={"review": "**Ran**"}),
    "delete_entry": Address(entry, get=NOT_AT_ALL, post=OWNERS_ACT),
    "restore_entry": Address(lambda world: {"pk": world.deleted.pk}, get=NOT_AT_ALL, post=OWNERS_ACT),
    "date_entry": Address(entry, get=NOT_AT_ALL, post=OWNERS_ACT),
    "redate_viewing": Address(viewing, get=NOT_AT_ALL, post=OWNERS_ACT),
    "remove_viewing": Address(viewing, get=NOT_AT_ALL, post=OWNERS_ACT),
    "settings": Address(get=ON),
    "profile_settings": Address(get=SIGNED_IN, post=ON, data={"display_name": "New"}),
    "avatar_settings": Address(get=SIGNED_IN, post="302 400 400 400 400 400"),
    "remove_avatar": Address(get=NOT_AT_ALL, post=ON),
    "privacy_settings": Address(
        get=SIGNED_IN, post=ON, data={"wall_visibility": "public", "default_visibility": "public"}
    ),
    "out_of_sight": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "display_settings": Address(
        get=SIGNED_IN, post=ON, data={"language": "ja", "time_zone": "UTC", "color_scheme": "dark"}
    ),
    "mail_settings": Address(get=SIGNED_IN, post=ON, data={"wants_requests": "on"}),
    "use_address_again": Address(get=NOT_AT_ALL, post=ON),
    "account_settings": Address(get=SIGNED_IN, post=ON, data={"handle": "new_one"}),
    "calendar_settings": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "make_calendar": Address(get=NOT_AT_ALL, post=ON),
    "renew_calendar": Address(get=NOT_AT_ALL, post=ON),
    "end_calendar": Address(get=NOT_AT_ALL, post=ON),
    "feed_settings": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "make_feed": Address(get=NOT_AT_ALL, post=ON),
    "renew_feed": Address(get=NOT_AT_ALL, post=ON),
    "end_feed": Address(get=NOT_AT_ALL, post=ON),
    "poster_settings": Address(get=SIGNED_IN, post=ON, data={"order": "release", "dates": "jp"}),
    "poster_progress": Address(get=ON, post=NOT_AT_ALL),  # a part of the page, to which others are led
    "download_poster": Address(lambda world: {"pk": world.poster.pk}, get=OWNERS_PAGE, post=NOT_AT_ALL),
    "token_settings": Address(
        get=SIGNED_IN, post="302 200 200 200 200 200", data={"name": "backup", "scope": "read", "lifetime": "90"}
    ),
    "revoke_token": Address(lambda world: {"pk": world.personal_token.pk}, get=NOT_AT_ALL, post=OWNERS_ACT),
    "my_data": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "download_my_data": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "download_for_letterboxd": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "imports": Address(get=SIGNED_IN, post=NOT_AT_ALL),
    "begin_import": Address(get=NOT_AT_ALL, post=ON),
    "import": Address(batch, get=OWNERS_PAGE, post=NOT_AT_ALL),
    "import_progress": Address(batch, get=OWNERS_ACT, post=NOT_AT_ALL),  # a part of the page, to which others are led
    "import_arrived": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "answer_import": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "run_import": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "undo_import": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "start_import_again": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "discard_import": Address(batch, get=NOT_AT_ALL, post=OWNERS_ACT),
    "import_rejects": Address(batch, get=OWNERS_PAGE, post=NOT_AT_ALL),
    "import_doubts": Address(batch, get=OWNERS_PAGE, post=NOT_AT_ALL),
    "pick_film": Address(mention, get=NOT_AT_ALL, post=OWNERS_ACT, data={"tmdb_id": 129}),
    "leave_film_out": Address(mention, get=NOT_AT_ALL, post=OWNERS_ACT),
    "delete_account": Address(get="302 403 403 403 403 403", post="302 403 403 403 403 403"),  # without a fresh proof
    # Coming and going
    "sign_in": Address(get=ON),
    "sign_in_callback": Address(get="400 400 400 400 400 400"),
    "sign_out": Address(get=NOBODY, post=ON),
    "welcome": Address(get=ON, post=ON),
    "welcome_back": Address(get=ON, post=ON),
    "goodbye": Address(),
}


def expected(statuses: str, role: str) -> int:
    return int(statuses.split()[ROLES.index(role)])
