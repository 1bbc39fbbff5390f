"""Why a file of coming releases is refused, or a row of one: kept as a code with what it is about, and said in the
language of whoever reads it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LONGEST_ABOUT = 100

WORDS = {
    # The file
    "empty": _("The file is empty."),
    "no_rows": _("The file holds nothing but its heading."),
    "no_text": _("The file is no text. Save it as CSV in UTF-8, UTF-16 or Shift_JIS (CP932)."),
    "no_heading": _("The first line must name the columns: %(about)s."),
    "missing_columns": _("These columns are missing: %(about)s."),
    "unknown_column": _("Nobody knows the column “%(about)s”. Rename it or delete it."),
    "column_twice": _("There are two columns “%(about)s”."),
    "too_many_columns": _("The file has too many columns: %(about)s."),
    "heading_too_long": _("The first line is too long to be a heading."),
    "heading_quote": _("In the first line a quotation mark is not closed."),
    "too_large": _("The file is too large: %(about)s MB. Split it."),
    "name_too_long": _("The name of the file is too long: %(about)s…"),
    "gone": _("The file is no longer in the bucket."),
    "replaced": _("The file was replaced in the bucket; the newer one is read instead."),
    # A row
    "not_readable": _("The row holds what is no text."),
    "row_too_long": _("The row is too long."),
    "lone_quote": _("A quotation mark is not closed on its line. A row is one line."),
    "too_many_cells": _("The row has more cells than there are columns."),
    "missing_cells": _("The row has fewer cells than there are columns."),
    "cell_without_heading": _("“%(about)s” stands in a column without a name."),
    "no_title": _("The row names no film."),
    "title_too_long": _("The title is too long."),
    "not_a_channel": _("“%(about)s” is neither cinema (劇場) nor digital (配信)."),
    "not_a_date": _("“%(about)s” is no date. Write 2026-12-04, 2026/12/4 or 2026年12月4日."),
    "not_a_tmdb_id": _("“%(about)s” is no number of TMDB."),
    "not_an_imdb_id": _("“%(about)s” is no number of IMDb. One looks like tt0012345."),
    "date_impossible": _("No film comes out on %(about)s."),
    "date_far_away": _("%(about)s is more than five years away."),
    "ids_disagree": _("tmdb_id and imdb_id lead to different films."),
    "other_id": _("The film is known here by another number: %(about)s."),
    "several_films": _("Several films have this title: give tmdb_id."),
    "unfindable_title": _("Nobody can look for a title without letters: give tmdb_id."),
    "film_without_title": _("We do not have this film yet: give its title."),
    "revival": _("The film opened in Japan on %(about)s. A revival is no first release."),
    "other_date": _("Line %(about)s of this file gives the film another date."),
}


@dataclass(frozen=True)
class Refusal:
    code: str
    about: str = ""

    def __str__(self) -> str:
        """As it is kept; `said` reads it."""
        return f"{self.code} {self.about[:LONGEST_ABOUT]}".rstrip()


def said(kept: str) -> str:
    """The words for what is kept of a refusal; "" where there is none."""
    code, _space, about = kept.partition(" ")
    return str(WORDS[code]) % {"about": about} if code else ""
