"""What a row says, as it is kept in its row, and as it was."""

import dataclasses
import datetime
import hashlib
import json
from typing import Any

from movies.imports.formats.rows import FilmNamed, Said

_FIELDS = {field.name: field.default for field in dataclasses.fields(Said) if field.name != "film"}
_NAMES = {field.name: field.default for field in dataclasses.fields(FilmNamed)}
_NOBODY = FilmNamed()


def kept_of(said: Said) -> dict[str, Any]:
    """What it says beyond the defaults, without its film."""
    return {name: _plain(value) for name, default in _FIELDS.items() if (value := getattr(said, name)) != default}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def said_of(kept: dict[str, Any]) -> Said:
    """It again; its film is the mention's."""
    given = dict(kept)
    if "watched_on" in given:
        given["watched_on"] = datetime.date.fromisoformat(given["watched_on"])
    for moment in given.keys() & {"noted_at", "reviewed_at"}:
        given[moment] = datetime.datetime.fromisoformat(given[moment])
    if "tags" in given:
        given["tags"] = tuple(given["tags"])
    return Said(film=_NOBODY, **given)


def named_of(kept: dict[str, Any]) -> FilmNamed:
    return FilmNamed(**{**kept, "directors": tuple(kept.get("directors", ()))})


def kept_name(film: FilmNamed) -> dict[str, Any]:
    return {name: value for name, default in _NAMES.items() if (value := getattr(film, name)) != default}


def key_of(film: FilmNamed) -> str:
    """By which another row, or another file, names the film in the same way. Its page at the service does not count: not
    every file has it."""
    named = kept_name(film)
    named.pop("address", None)
    written = json.dumps(named, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:40]
