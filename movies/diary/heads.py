"""What a page tells those who show a link to it: of a wall, an entry, a film. Only what everybody may see is told."""

import hashlib
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User, Visibility
from movies.catalog.dates import in_words
from movies.catalog.models import Film
from movies.diary.models import Entry
from movies.diary.wall import Arrangement
from movies.diary.wall_address import Asked
from mymovie.heads import Head, Picture


def version_of_film(film: Film) -> str:
    return f"{int(film.changed_at.timestamp()):x}"


def version_of_entry(entry: Entry) -> str:
    """Of an entry with its film and owner at hand: changes with whatever its picture shows."""
    shown = (entry.score, entry.film.changed_at, entry.owner.display_name, entry.owner.handle)
    return hashlib.blake2s(repr(shown).encode(), digest_size=8).hexdigest()


def head_of_wall(owner: User, arrangement: Arrangement) -> Head | None:
    """None for a wall that is not open to everybody: nothing is told of it."""
    if owner.wall_visibility != Visibility.PUBLIC or not owner.is_active:
        return None
    return Head(
        title=_("%(name)s’s films") % {"name": owner.display_name},
        description=description_of_wall(owner),
        address=reverse("wall", args=[owner.handle]),
        picture=Picture(
            reverse("wall_picture", args=[owner.handle]),
            dict(parse_qsl(Asked(arrangement).query)) | {"v": str(owner.public_revision)},
            _("Posters of %(name)s’s films") % {"name": owner.display_name},
        ),
        feed=reverse("wall_rss", args=[owner.handle]),
        is_profile=True,
    )


def description_of_wall(owner: User) -> str:
    films = ngettext("%(number)d film, with scores.", "%(number)d films, with scores.", owner.films_shown)
    return f"{films % {'number': owner.films_shown}} {owner.bio}".strip()


def head_of_film(film: Film) -> Head:
    year = f" ({film.year})" if film.year else ""
    title = f"{film.title}{year}"
    return Head(
        title=title,
        description=film.overview or film.other_title,
        address=film.get_absolute_url(),
        picture=Picture(
            reverse("film_picture", args=[film.pk]),
            {"v": version_of_film(film)},
            _("The poster of “%(title)s”") % {"title": film.title},
        ),
    )


def head_of_entry(entry: Entry, address: str) -> Head | None:
    """Of an entry with its film and owner at hand, and the address of its page; None for one that is not for everybody."""
    owner, film = entry.owner, entry.film
    if not (entry.is_for_all and owner.wall_visibility == Visibility.PUBLIC and owner.is_active):
        return None
    said = [] if entry.score is None else [_("Score %(score)d of 100") % {"score": entry.score}]
    if entry.watched_on:
        said.append(_("seen on %(day)s") % {"day": in_words(entry.watched_on)})
    return Head(
        title=_("“%(title)s”, recorded by %(name)s") % {"title": film.title, "name": owner.display_name},
        description=" · ".join(said),
        address=address,
        picture=Picture(
            reverse("entry_picture", args=[owner.handle, film.pk]),
            {"v": version_of_entry(entry)},
            _("The poster of “%(title)s”, and the score that %(name)s gave it")
            % {"title": film.title, "name": owner.display_name},
        ),
        feed=reverse("wall_rss", args=[owner.handle]),
    )
