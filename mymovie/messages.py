"""The site's words in every language, without gettext's programs: `python -m mymovie.messages extract|check|compile`.

`extract` brings each .po up to the words in the code, `compile` writes the .mo that Django reads, and `check` fails on
a word that is untranslated, no longer used, or has other placeholders than its translation.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
CATALOGUES = BASE / "mymovie" / "locale"
SOURCE_LANGUAGE = "en"
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": spec for name, spec in DEFAULT_KEYWORDS.items()}


def used() -> Catalog:
    """Every word that Python code and templates give to gettext."""
    words = Catalog()
    for path in sorted(sources()):
        for line, message, comments, context in words_of(path):
            words.add(
                message,
                locations=[(str(path.relative_to(BASE)), line)],
                auto_comments=comments,
                context=context,
            )
    return words


def sources() -> Iterator[Path]:
    for room in ("mymovie", "movies", "accounts", "templates"):
        yield from (path for path in (BASE / room).rglob("*") if path.suffix in {".py", ".html", ".svg", ".txt"})


def words_of(path: Path) -> Iterator[tuple]:
    source = path.read_text()
    if path.suffix == ".py":
        return extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=["Translators:"])
    # What templatize leaves of a template is no Python, but its calls read the same to a tokenizer of JavaScript.
    called = templatize(source, origin=str(path))
    return extract("javascript", io.BytesIO(called.encode()), keywords=KEYWORDS)


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield path, pofile.read_po(file, locale=path.parts[-3], abort_invalid=True)


def bring_up_to_date() -> None:
    words = used()
    for path, catalogue in catalogues():
        catalogue.update(words, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        with path.open("wb") as file:
            pofile.write_po(file, catalogue, width=120, sort_output=True, no_location=True, ignore_obsolete=True)


def build() -> None:
    for path, catalogue in catalogues():
        with path.with_suffix(".mo").open("wb") as file:
            mofile.write_mo(file, catalogue)


def faults() -> Iterator[str]:
    words = {(message.context, message.id) for message in used() if message.id}
    for path, catalogue in catalogues():
        name = path.relative_to(BASE)
        known = {(message.context, message.id): message for message in catalogue if message.id}
        for key in sorted(words - known.keys(), key=str):
            yield f"{name}: missing {key[1]!r} (run `make messages`)"
        for key in sorted(known.keys() - words, key=str):
            yield f"{name}: no longer used {key[1]!r} (run `make messages`)"
        for message in known.values():
            if not all(message.string if isinstance(message.string, tuple) else [message.string]):
                yield f"{name}: untranslated {message.id!r}"
        for message, errors in catalogue.check():
            yield from (f"{name}: {message.id!r}: {error}" for error in errors)


def main(command: str) -> int:
    match command:
        case "extract":
            bring_up_to_date()
        case "compile":
            build()
        case "check":
            found = list(faults())
            print(*found or ["every word is translated"], sep="\n")
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [""])))
