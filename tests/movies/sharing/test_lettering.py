"""Type as it is set: nothing runs over, nothing breaks where it must not, and no letter is an empty box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from movies.sharing.painting import fonts
from movies.sharing.painting.colours import INK, PAPER
from movies.sharing.painting.lettering import (
    NEVER_FIRST,
    NEVER_LAST,
    Style,
    break_anywhere,
    break_lines,
    fit,
    one_line,
    width,
    write,
)
from tests.movies.sharing.pixels import inked

TITLE = Style("mincho", 60, INK, is_bold=True)
LONG = "劇場版ポケットモンスター アドバンスジェネレーション ポケモンレンジャーと蒼海の王子 マナフィ"


def test_the_fonts_are_there_and_have_japanese() -> None:
    fonts.require()

    assert fonts.can_print("千と千尋の神隠し、Amélie、Идиот、々〆ヵ！？―…")
    assert not fonts.can_print("괴물")


def test_what_the_fonts_lack_is_left_out() -> None:
    assert fonts.printable("花子🌸 の\n壁") == "花子 の 壁"
    assert fonts.printable("괴물") == ""


@pytest.mark.parametrize("voice", ["mincho", "gothic"])
def test_a_missing_font_is_said_and_not_painted_over(voice: fonts.Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fonts.FILES, voice, "/nowhere.otf")
    for kept in (fonts.font, fonts.has, fonts._box):
        kept.cache_clear()

    with pytest.raises(fonts.NoFonts, match=f"{voice}.*nowhere"):
        fonts.require()

    for kept in (fonts.font, fonts.has, fonts._box):
        kept.cache_clear()


def test_lines_break_at_phrases() -> None:
    style = TITLE._replace(size=40)

    assert break_lines("君の名は希望と今を生きる", style, 320) == ["君の名は", "希望と", "今を生きる"] or all(
        line[0] not in "はとを" for line in break_lines("君の名は希望と今を生きる", style, 320)
    )
    assert break_lines("The Good, the Bad and the Ugly", style, 400)[0].startswith("The Good,")


def test_a_title_is_as_large_as_its_room_allows() -> None:
    short = fit("乱", TITLE, room=600, most_lines=3, smallest=20)
    long = fit(LONG, TITLE, room=600, most_lines=3, smallest=20)

    assert (short.size, short.lines) == (60, ["乱"])
    assert long.size < 60
    assert 1 < len(long.lines) <= 3
    assert "".join(long.lines).replace(" ", "") == LONG.replace(" ", "")


def test_what_is_too_long_at_the_smallest_size_is_shortened() -> None:
    block = fit(LONG * 3, TITLE, room=400, most_lines=2, smallest=30)

    assert len(block.lines) == 2
    assert block.lines[-1].endswith("…")
    assert all(width(line, TITLE._replace(size=30)) <= 400 for line in block.lines)
    assert one_line("とても長い題名の映画", TITLE, 200).endswith("…")


@given(st.text(st.sampled_from("あア亜ーっ、。「」()abc 12!?・"), min_size=1, max_size=40), st.integers(150, 600))
def test_lines_hold_whatever_is_set(text: str, room: int) -> None:
    style = TITLE._replace(size=40)

    lines = break_anywhere(text, style, room)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, style) <= room or len(line) == 1 for line in lines)


def test_no_line_begins_or_ends_as_none_may() -> None:
    style = TITLE._replace(size=40)

    for room in range(160, 520, 20):
        lines = break_anywhere("「ウェディング・シンガー」は、ちょっと（かなり）長い。", style, room)
        assert not [line for line in lines[1:] if line[0] in NEVER_FIRST], lines
        assert not [line for line in lines[:-1] if line[-1] in NEVER_LAST], lines


@pytest.mark.parametrize("text", ["七人の侍", "Wg", "ジュラシック・ワールド"])
def test_ink_stays_in_the_width_that_is_reckoned_with(text: str) -> None:
    image = Image.new("RGB", (1200, 200), PAPER)

    write(ImageDraw.Draw(image), (100, 120), text, TITLE)

    left, _top, right, bottom = inked(image) or (0, 0, 0, 0)
    assert left >= 95
    assert right <= 100 + width(text, TITLE) + 4
    assert 110 <= bottom <= 145
