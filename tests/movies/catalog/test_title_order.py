import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.catalog.title_order import LATIN, OTHERS, ROWS, in_english, in_japanese

KEY_LENGTH = 200  # of the column


@pytest.mark.parametrize(
    ("title", "reading", "row"),
    [
        ("千と千尋の神隠し", "せんとちひろのかみかくし", "さ"),
        ("アーティスト", "", "あ"),
        ("ヴァンパイア", "", "あ"),
        ("ぐるりのこと。", "", "か"),
        ("パリ、テキサス", "", "は"),
        ("ゐのしし", "", "わ"),
        ("んだ", "", "わ"),
        ("ｱﾝﾄﾞﾛﾒﾀﾞ", "", "あ"),
        ("おくりびとの桜", "", "あ"),
        ("Mank", "", LATIN),
        ("ＷＡＬＬ・Ｅ", "", LATIN),
        ("M", "えむ", "あ"),
        ("乱", "", OTHERS),
        ("12人の怒れる男", "", OTHERS),
        ("…", "", OTHERS),
    ],
)
def test_a_japanese_title_is_filed_under_the_row_of_its_reading(title: str, reading: str, row: str) -> None:
    assert in_japanese(title, reading)[0] == row


@pytest.mark.parametrize(
    "titles",
    [
        ["はり", "ばり", "ぱり", "はりー"],
        ["かつこう", "がっこう", "かつこうい"],
        ["びよういん", "びょういん", "びょういんいき"][1:],
        ["スタアウオーズ", "スター・ウォーズ2"],
        ["あい", "アイアン", "いあ", "か", "さ", "ら", "わ", "Abba", "Zulu", "乱"],
    ],
)
def test_titles_stand_as_in_a_dictionary(titles: list[str]) -> None:
    assert sorted(titles, key=lambda title: in_japanese(title).encode()) == titles


def test_a_long_mark_is_the_vowel_before_it() -> None:
    assert in_japanese("バリー").startswith("ははりい ")
    assert in_japanese("ニュース").startswith("なにゆうす ")
    assert in_japanese("いすゞ").startswith("あいすす ")


@pytest.mark.parametrize(
    ("title", "section", "letters"),
    [
        ("The Godfather", "g", "godfather"),
        ("A Clockwork Orange", "c", "clockwork orange"),
        ("An Affair", "a", "affair"),
        ("A", "a", "a"),
        ("The", "t", "the"),
        ("Theatre", "t", "theatre"),
        ("Émilie", "e", "emilie"),
        ("...And Justice for All", "a", "and justice for all"),
        ("12 Angry Men", OTHERS, "12 angry men"),
        ("乱", OTHERS, "乱"),
    ],
)
def test_an_english_title_is_filed_under_its_first_letter_that_is_no_article(
    title: str, section: str, letters: str
) -> None:
    assert in_english(title) == section + letters


@given(st.text(max_size=500), st.text(max_size=500))
def test_any_title_has_a_key_that_fits_and_a_section_that_is_known(title: str, reading: str) -> None:
    japanese, english = in_japanese(title, reading), in_english(title)

    assert japanese[0] in f"{ROWS}{LATIN}{OTHERS}"
    assert english[0] in f"abcdefghijklmnopqrstuvwxyz{OTHERS}"
    assert max(len(japanese), len(english)) <= KEY_LENGTH


def test_sections_come_in_the_order_of_their_characters() -> None:
    sections = [*ROWS, LATIN, OTHERS]

    assert sorted(sections, key=str.encode) == sections
    assert sorted(["z", OTHERS, "a"], key=str.encode) == ["a", "z", OTHERS]
