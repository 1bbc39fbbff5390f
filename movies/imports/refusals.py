"""Why a file is refused, or a row of it, or what a row waits for: kept as a code, and said in the language of whoever
reads it."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    # The file
    "empty": _("The file is empty."),
    "no_rows": _("The file holds nothing but its heading."),
    "no_text": _("The file is no text. Save it as CSV in UTF-8, UTF-16 or Shift_JIS (CP932)."),
    "no_heading": _("The first line names no columns."),
    "too_many_columns": _("The file has too many columns: %(about)s."),
    "no_json": _("The file ends, or is broken, in the middle of its JSON."),
    "unknown_json": _("We know no film log that writes this JSON."),
    "unknown_archive": _("We know no film log that writes such a ZIP. Bring the file inside that lists your films."),
    "unknown_format": _("This is not what its heading says: %(about)s."),
    "broken_archive": _("The ZIP is broken. Download it again."),
    "too_many_members": _("The ZIP holds too many files: %(about)s."),
    "archive_too_large": _("What is packed into the ZIP is too large."),
    "archive_leaves_itself": _("The ZIP wants to write outside of itself: %(about)s. We do not open it."),
    "archive_encrypted": _("The ZIP is locked with a password. Bring it without one."),
    "archive_nested": _("The ZIP holds another archive: %(about)s. Unpack that one first."),
    "too_large": _("The file is too large. Bring one of at most %(about)s MB."),
    "too_many_rows": _("The file has more than %(about)s rows. Split it."),
    "gone": _("The file is no longer there. Bring it again."),
    "stalled": _("Nothing went on for a while, though we tried again. Nothing is lost: start it once more."),
    # A row
    "not_readable": _("The row holds what is no text."),
    "row_too_long": _("The row is too long."),
    "lone_quote": _("A quotation mark is not closed."),
    "too_many_cells": _("The row has more cells than there are columns."),
    "no_title": _("The row names no film."),
    "title_too_long": _("The title is too long."),
    "text_too_long": _("The text is too long."),
    "tags_too_long": _("There are too many tags, or one is too long."),
    "not_a_year": _("This is no year."),
    "not_a_number": _("This is no number."),
    "not_a_tmdb_id": _("This is no number of TMDB."),
    "not_an_imdb_id": _("This is no number of IMDb. One looks like tt0012345."),
    "not_a_score": _("This is no score from 0 to %(about)s."),
    "not_yes_or_no": _("This is neither yes nor no."),
    "not_a_visibility": _("This is none of public, followers and private."),
    "not_a_date": _("This is no date. Write 2026-12-04, 2026/12/4 or 2026年12月4日."),
    "unclear_date": _("Nobody can tell the day from the month here."),
    "date_impossible": _("Nobody can have seen a film on that day."),
    "not_an_item": _("This is no object of JSON."),
    "unknown_part": _("We cannot tell what kind of row this is."),
    "not_a_film": _("This is not a film."),
    "not_seen": _("Neither seen nor wanted."),
    "liked_unseen": _("Liked, but not seen: there is nothing to note that with."),
    "watchlist_full": _("Your watchlist is full."),
    "left_out": _("Left out by you."),
    # A film that waits to be chosen
    "several_films": _("Several films are called so."),
    "no_such_film": _("We find no film of that title."),
    "year_differs": _("We know the title, but of another year."),
    "no_year": _("The file names no year."),
    "directors_differ": _("Title and year agree, but the directors do not."),
    "id_disagrees": _("Its number leads to another film."),
    "unknown_id": _("Nobody knows its number."),
    "unfindable_title": _("There is nothing in the title to look for."),
    "other_title": _("Another film may be called so, too."),
    "tmdb_away": _("TMDB does not answer."),
}


def said(code: str, about: str = "") -> str:
    """The words for a code; "" for none."""
    return str(WORDS[code]) % {"about": about} if code else ""
