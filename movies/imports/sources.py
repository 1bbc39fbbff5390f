"""From where people bring their films, and how they get them there."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Source(NamedTuple):
    name: str | Promise
    how: str | Promise


SOURCES = (
    Source("Letterboxd", _("Settings → Data → Export your data. Bring the ZIP as it is.")),
    Source("Filmarks", _("It has no export of its own; bring the CSV or JSON that an exporter has written.")),
    Source("IMDb", _("On your ratings, your watchlist or a list: Export. Bring the CSV.")),
    Source("Trakt", _("Settings → Data → Export. Bring the ZIP, or a CSV.")),
    Source("TMDB", _("Your ratings or your watchlist, as CSV.")),
    Source("Movary", _("History, ratings or watchlist, as CSV.")),
    Source("Simkl", _("Its export, as CSV.")),
    Source("Yamtrack", _("Settings → Export. Bring the CSV; series in it are left out.")),
    Source("Netflix", _("Account → Viewing activity → Download all, at the foot of the page.")),
    Source("MyMovie", _("What you have downloaded here, or rows that we could not read, mended by you.")),
    Source(
        _("Any CSV"),
        _("A film a line, its columns named in the first. We ask which is which."),
    ),
)
