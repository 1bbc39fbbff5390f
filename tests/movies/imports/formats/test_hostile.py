"""Files made to break whoever reads them, or broken on their way: their rows are right or said to be bad, or the file is
refused by a word of ours. Nothing else is thrown, and memory does not grow with what a file claims."""

import dataclasses
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from movies.imports import refusals
from movies.imports.formats import registry
from movies.imports.formats.items import RAW, JsonPart
from movies.imports.formats.rows import FileRefused, Row
from tests.movies.imports.formats.files import OPTIONS, archive_of

RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
GOOD = "2024-05-12,渡し船,2014,https://boxd.it/7,4.5"
TABLE = f"{RATINGS}\r\n{GOOD}\r\n{GOOD}\r\n"
ITEM = {"movieId": "5", "reviewId": "6", "title": "渡し船", "production_year": 2014, "rating": 4.5}
ANSWERS = dataclasses.replace(OPTIONS, date_order="mdy", columns={"title": "Name"})


def outcome(content):
    """How many rows were read, and with what; or why the file is refused. Fails where anything else comes of it."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    told = Counter()
    try:
        known = registry.recognise(file).format
        for row in registry.read(file, known, ANSWERS):
            check(row)
            told["good" if isinstance(row, Row) else row.code] += 1
    except FileRefused as refused:
        check_words(refused)
        told[f"refused: {refused.code}"] += 1
    return dict(told)


def check_words(refusal):
    assert refusals.said(refusal.code, refusal.about)
    assert len(refusal.about) <= 200


def check(row):
    assert len(row.file) <= 300
    assert isinstance(json.dumps(dict(row.raw)), str)
    if not isinstance(row, Row):
        check_words(row)
        assert "\0" not in row.value
        return
    said = row.said
    assert said.score is None or 0 <= said.score <= 100
    assert said.film.title or said.film.original_title or said.film.tmdb_id or said.film.imdb_id
    assert said.noted_at is None or said.noted_at.tzinfo
    assert said.is_seen or not said.is_viewing
    written = json.dumps(dataclasses.asdict(said), default=str, ensure_ascii=False)
    assert "\\u0000" not in written
    written.encode()


def between(line):
    return f"{RATINGS}\n{GOOD}\n{line}\n{GOOD}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_usual_encoding_is_read(encoding):
    assert outcome(TABLE.encode(encoding)) == {"good": 2}


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_either_order_of_bytes_is_read_by_its_mark_and_neither_without(mark, encoding):
    assert outcome(mark + TABLE.encode(encoding)) == {"good": 2}
    assert outcome(TABLE.encode(encoding)) == {"refused: no_text": 1}


def test_half_a_character_of_utf16_costs_no_row():
    assert outcome(TABLE.encode("utf-16") + b"\n") == {"good": 2, "not_readable": 1}


@pytest.mark.parametrize(("encoding", "other"), [("utf-8", "cp932"), ("cp932", "utf-8")])
def test_a_row_in_another_encoding_costs_itself(encoding, other):
    lines = [line.encode(encoding) for line in (RATINGS, GOOD, GOOD)]
    odd = "2024-05-12,橋の上で,2014,https://boxd.it/7,4.5".encode(other)

    told = outcome(b"\n".join([*lines, odd, *lines[1:]]))

    # What is UTF-8 may be something in CP932, too: garbled, but a row.
    assert told in ({"good": 4, "not_readable": 1}, {"good": 5})
    assert encoding == "cp932" or told == {"good": 4, "not_readable": 1}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('2024-05-12,"渡し船,2014,https://boxd.it/7,4.5', "lone_quote"),
        ('"', "lone_quote"),
        (f"2024-05-12,{'x' * 1_000_000},2014,https://boxd.it/7,4.5", "row_too_long"),
        ("x" * 1_000_000, "row_too_long"),
        ('"' + "\n" * 1_000_000, "lone_quote"),
        ("2024-05-12,a\0b,2014,https://boxd.it/7,4.5", "not_readable"),
        ("2024-05-12,a\x1bb,2014,https://boxd.it/7,4.5", "not_readable"),
        (f"2024-05-12,{'x' * 501},2014,https://boxd.it/7,4.5", "title_too_long"),
        (",".join("x" * 10_000), "too_many_cells"),
        ("2024-05-12,x,99999999999999999999,https://boxd.it/7,4.5", "not_a_year"),
        ("0000-00-00,x,2014,https://boxd.it/7,4.5", "not_a_date"),
        (f"{'9' * 100_000},x,2014,https://boxd.it/7,4.5", "not_a_date"),
        ("2024-05-12,x,2014,https://boxd.it/7,1e999999999", "not_a_score"),
        (",x,2014,,NaN", "not_a_score"),
    ],
)
def test_a_bad_line_costs_itself_alone(line, code):
    assert outcome(between(line)) == {"good": 2, code: 1}


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_lone_quotation_marks_cost_their_lines_alone(count):
    lone = '2024-05-12,"渡し船,2014,https://boxd.it/7,4.5'

    assert outcome(between("\n".join([lone] * count))) == {"good": 2, "lone_quote": count}
    assert outcome("\n".join([RATINGS, lone, GOOD])) == {"good": 1, "lone_quote": 1}
    assert outcome("\n".join([RATINGS, GOOD, lone])) == {"good": 1, "lone_quote": 1}


def test_a_hundred_thousand_quotation_marks_are_read_in_no_time():
    assert outcome(between('"\n' * 100_000)) == {"good": 2, "lone_quote": 100_000}


def test_headings_twice():
    assert outcome(f"{RATINGS}\n{GOOD}\n{RATINGS}\n{GOOD}\n") == {"good": 2}
    assert outcome(f"{RATINGS},Name,name\n{GOOD},other,another\n") == {"good": 1}


def picture(kind):
    file = io.BytesIO()
    Image.effect_noise((64, 64), 80).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"\r\n \r\n", "empty", id="nothing but lines"),
        pytest.param(b"\xff\xfe", "empty", id="nothing but a mark"),
        pytest.param(f"{RATINGS}\n".encode(), "no_rows", id="nothing but a heading"),
        pytest.param(picture("JPEG"), "no_text", id="a JPEG"),
        pytest.param(picture("PNG"), "no_text", id="a PNG"),
        pytest.param(picture("GIF"), "no_text", id="a GIF"),
        pytest.param(b"\0" * 100_000, "no_text", id="noughts"),
        pytest.param(b"\x1f\x8b\x08\0" * 100, "no_text", id="a gzip"),
        pytest.param(b"SQLite format 3\0" * 100, "no_text", id="a database"),
        pytest.param(",".join(f"c{n}" for n in range(10_000)).encode(), "too_many_columns", id="10,000 columns"),
        pytest.param(("[" * 100_000).encode(), "unknown_json", id="a deep array"),
        pytest.param(('{"a":' * 100_000).encode(), "unknown_json", id="a deep object"),
        pytest.param(b'[{"movieId": NaN}]', "unknown_json", id="no number"),
        pytest.param(b"[" + b"9" * 1_000_000 + b"]", "unknown_json", id="a huge number"),
        pytest.param(json.dumps([ITEM])[:-5].encode(), "unknown_json", id="an item that does not end"),
    ],
)
def test_what_is_no_film_log_is_refused(content, code):
    assert outcome(content) == {f"refused: {code}": 1}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (json.dumps({"movieId": 1}), {"good": 2, "no_title": 1}),
        ("[" * 90 + "]" * 90, {"good": 2, "not_an_item": 1}),
        ("[" * 100_000 + "]" * 100_000, {"refused: unknown_json": 1, "good": 1}),
        ('{"title": "a\\u0000"}', {"good": 2, "not_readable": 1}),
        ('{"title": "\\ud800"}', {"good": 3}),
        ('{"title": "x", "production_year": 1e300}', {"good": 2, "not_a_year": 1}),
        ('{"title": "x", "rating": 12345678901234567}', {"good": 2, "not_a_score": 1}),
        ('{"title": {"a": []}, "rating": [5]}', {"good": 2, "not_a_score": 1}),
        ('{"title": "%s"}' % ("x" * 300_000), {"good": 2, "row_too_long": 1}),
        ('"%s"' % ("x" * 3_000_000), {"good": 1, "refused: row_too_long": 1}),
        ("NaN", {"good": 1, "refused: no_json": 1}),
        ("1e999", {"good": 1, "refused: no_json": 1}),
        ("9" * 5000, {"good": 1, "refused: no_json": 1}),
    ],
)
def test_a_bad_item_costs_itself_or_what_follows(item, told):
    good = json.dumps(ITEM)

    assert outcome(f"[{good}{' ' * 70_000},{item}{' ' * 70_000},{good}]") == told


def test_an_array_that_does_not_end_is_refused_after_its_good_items():
    told = outcome(json.dumps([ITEM] * 5000)[:-3])

    assert told["refused: no_json"] == 1
    assert 4000 < told["good"] < 5000


def packed():
    members = {"ratings.csv": TABLE * 50, "diary.csv": "", "lists/a.csv": "x", "likes/films.csv": f"{RATINGS}\n"}
    return archive_of(members).getvalue()


PACKED = packed()


def test_an_archive_may_end_anywhere():
    for end in (*range(0, len(PACKED), 7), len(PACKED) - 1):
        told = outcome(PACKED[:end])

        assert told.keys() <= {"refused: broken_archive", "refused: empty", "refused: no_rows", "refused: no_text"}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_an_archive_may_be_damaged_anywhere(changes):
    content = bytearray(PACKED)
    for place, byte in changes:
        content[place] = byte

    outcome(bytes(content))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([TABLE, f"Title,Date\nA,5/1/24\n{TABLE}", json.dumps([ITEM] * 3), f"a,b\n{GOOD}"]),
    st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=4)), max_size=5),
    st.sampled_from(["utf-8", "utf-16", "cp932"]),
)
def test_a_text_may_be_damaged_anywhere(text, changes, encoding):
    content = bytearray(text.encode(encoding))
    for place, piece in changes:
        content[place:place] = piece

    outcome(bytes(content))


CELL = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12) | st.sampled_from(
    [
        "movie",
        "tmdb",
        "completed",
        "5",
        "3.5",
        "2024-05-01",
        "5/1/24",
        "2024-05-01T20:00:00Z",
        "1974",
        "yes",
        "tt0133093",
    ]
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | CELL,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "year", "ids", "tmdb", "imdb", "movie", "show", "simkl", "name", "type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
KEYS = [
    *(
        "movie",
        "show",
        "type",
        "title",
        "year",
        "rating",
        "watched_at",
        "rated_at",
        "listed_at",
        "rank",
        "notes",
        "plays",
    ),
    *(
        "last_watched_at",
        "status",
        "memo",
        "user_rating",
        "ids",
        "list",
        "movieId",
        "production_year",
        "watched_date",
        "id",
    ),
]


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("name", sorted(registry.PARTS))
@given(data=st.data())
def test_whatever_stands_in_a_row_of_any_kind_is_read_or_refused(name, data):
    part = registry.PARTS[name]
    if isinstance(part, JsonPart):
        item = data.draw(st.dictionaries(st.sampled_from([*KEYS, *part.keys]), VALUE, max_size=8))
        raw = {RAW: json.dumps(item)}
    else:
        others = ["Rating10", "tmdbID", "Review", "Tags", "status", "end_date", "score", "watched_on", "year", "scale"]
        raw = {column: data.draw(CELL) for column in (*part.columns, *others)}

    row = registry.reread(name, raw, ANSWERS, file="", line=1)

    check(row)


# In a process of their own, whose memory can be told from that of all else.
MEASURED = """
import io, itertools, sys, zipfile
from movies.imports.formats import registry
from movies.imports.formats.rows import FileRefused, Options
from zoneinfo import ZoneInfo

class Endless(io.RawIOBase):
    '''What begins so, and then goes on with the same for so many bytes.'''
    def __init__(self, begins, piece, size):
        self.begins, self.piece, self.size, self.at = begins, piece * (2**17 // len(piece)), size, 0
    def seek(self, at, whence=0):
        self.at = at
        return at
    def read(self, size=-1):
        size = min(size, self.size - self.at, 2**16)
        if self.at < len(self.begins):
            told = self.begins[self.at : self.at + size]
        else:
            told = self.piece[:size]
        self.at += len(told)
        return told

def archive(path, size):
    '''A member that really holds so much: noughts, which take no room on the disk.'''
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("ratings.csv", "")
    whole = open(path, "rb").read()
    first = whole.index(b"PK\\1\\2")
    sizes = size.to_bytes(4, "little") * 2
    with open(path, "wb") as file:
        file.write(whole[:18] + sizes + whole[26:first])
        file.seek(size, 1)
        start = file.tell()
        ending = bytearray(whole[first:])
        ending[20:28] = sizes
        ending[-6:-2] = start.to_bytes(4, "little")
        file.write(ending)
    return open(path, "rb")

MB = 2**20
files = {
    "line": lambda: Endless(b"Name,Year,Letterboxd URI,Rating\\nA,2014,x,5\\n", b"x", 150 * MB),
    "lines": lambda: Endless(b"Name,Year,Letterboxd URI,Rating\\nA,2014,x,5\\n", b'"x,\\n\\n', MB),
    "text": lambda: Endless(b'[{"movieId": 1, "reviewId": 2, "title": "A"}, "', b"x", 100 * MB),
    "deep": lambda: Endless(b'[{"movieId": 1, "reviewId": 2, "title": "A"}, ', b"[", 100 * MB),
    "wide": lambda: Endless(b'[{"movieId": 1, "reviewId": 2, "title": "A"}, [1', b",1", 20 * MB),
    "white": lambda: Endless(b'[{"movieId": 1, "reviewId": 2, "title": "A"}, ', b" ", 100 * MB),
    "member": lambda: archive(sys.argv[2], 200 * MB),
    "huge member": lambda: archive(sys.argv[2], 1100 * MB),
}
good = bad = 0
code = ""
try:
    file = files[sys.argv[1]]()
    known = registry.recognise(file).format
    for row in registry.read(file, known, Options(zone=ZoneInfo("UTC"))):
        good, bad = (good + 1, bad) if hasattr(row, "said") else (good, bad + 1)
except FileRefused as refused:
    code = refused.code
status = open("/proc/self/status").read()
print(good, bad > 0, code or "-", int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel tells how much memory was held")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("line", "1 True -"),
        ("lines", "1 True -"),
        ("text", "1 False row_too_long"),
        ("deep", "1 False unknown_json"),
        ("wide", "1 False no_json"),
        ("white", "1 False row_too_long"),
        ("member", "0 False broken_archive"),
        ("huge member", "0 False archive_too_large"),
    ],
)
def test_memory_does_not_grow_with_the_file(name, told, tmp_path):
    run = [sys.executable, "-c", MEASURED, name, str(tmp_path / "x.zip")]

    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    *outcome, megabytes = done.stdout.split()
    assert " ".join(outcome) == told
    assert int(megabytes) < 100


def test_a_bomb_is_refused_unread():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("ratings.csv", b"\0" * 20_000_000)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(16):
            file.writestr(f"{number}.zip", inner.getvalue())

    assert outcome(inner.getvalue()) == {"refused: archive_too_large": 1}
    assert outcome(outer.getvalue()) == {"refused: archive_nested": 1}
