"""Entries that were written by a version of the site that knew nothing of titles as a sort key."""

from django.db import connection, transaction

from movies.catalog import title_order

FILMS_AT_ONCE = 500

_UNSORTED = """
    SELECT DISTINCT film.id, COALESCE(NULLIF(title_ja, ''), original_title), title_kana,
        COALESCE(NULLIF(title_en, ''), original_title)
    FROM movies_entry AS entry JOIN movies_film AS film ON film.id = film_id
    WHERE title_ja_key IS NULL OR title_en_key IS NULL ORDER BY 1
"""
_SORT_IN = """
    UPDATE movies_entry SET title_ja_key = film.title_ja_key, title_en_key = film.title_en_key
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS film (id, title_ja_key, title_en_key)
    WHERE film_id = film.id AND (movies_entry.title_ja_key IS NULL OR movies_entry.title_en_key IS NULL)
"""


def sort_by_title() -> None:
    """Give the entries that lack them the keys of their film's titles; safe to repeat, a film's entries at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSORTED)
        films = cursor.fetchall()
        for start in range(0, len(films), FILMS_AT_ONCE):
            some = films[start : start + FILMS_AT_ONCE]
            with transaction.atomic():
                cursor.execute(
                    _SORT_IN,
                    [
                        [pk for pk, *_titles in some],
                        [title_order.in_japanese(title, reading) for _pk, title, reading, _english in some],
                        [title_order.in_english(english) for *_rest, english in some],
                    ],
                )
