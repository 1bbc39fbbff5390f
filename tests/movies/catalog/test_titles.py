import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.catalog.romaji import folded, romaji
from movies.catalog.titles import is_japanese, reading_of, search_text_of
from mymovie.folding import END, STEP, indexable, normalise


@pytest.mark.parametrize(
    ("written", "folded_to"),
    [
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("トトロ", "ととろ"),
        ("ﾄﾄﾛ", "ととろ"),
        ("スター・ウォーズ", "すたーうぉーず"),
        ("ハッピー フィート", "はっぴーふぃーと"),
        ("ヱヴァンゲリヲン", "ゑばんげりをん"),
        ("THE 有頂天ホテル", "the有頂天ほてる"),
        ("Amélie", "amelie"),
        ("Ｓｔｒａßｅ", "strasse"),
        ("Mr. & Mrs. Smith", "mr and mrs smith"),
        ("Schindler's List", "schindlers list"),
        ("E.T.", "et"),
        ("WALL·E", "wall e"),
        ("Spider-Man  --  Home", "spider man home"),
        ("한국 영화", "한국 영화"),
        ("100% \\ _", "100"),
        ("a\x00b\ud800", "ab"),
        ("!?…", ""),
    ],
)
def test_what_is_written_in_many_ways_is_folded_into_one(written: str, folded_to: str) -> None:
    assert normalise(written) == folded_to


@given(st.text())
def test_a_folded_title_holds_nothing_that_a_pattern_or_a_search_text_means_otherwise(text: str) -> None:
    words = normalise(text)

    assert not {*words} & {*"%_\\\0", END, STEP}
    assert words == words.strip()
    words.encode()


def test_a_voiced_kana_is_not_a_letter_with_a_mark_to_be_dropped() -> None:
    assert normalise("か\u3099") == "が"


def test_two_japanese_characters_give_a_trigram_and_latin_letters_stay_as_they_are() -> None:
    assert indexable("千とabc") == f"千{STEP}と{STEP}abc"


def test_a_search_text_holds_each_different_title_on_a_line_of_its_own() -> None:
    text = search_text_of("Tokyo", "TOKYO", "Story", "")

    assert text == f"{END}tokyo{END}story{END}"


def test_a_reading_is_also_found_as_romaji() -> None:
    text = search_text_of("東京物語", reading="とうきょうものがたり")

    assert "tokyomonogatari" in text.split(END)


def test_a_film_without_a_word_in_its_titles_has_no_search_text() -> None:
    assert search_text_of("?", "…") == ""


@pytest.mark.parametrize(
    ("title", "reading"),
    [
        ("となりのトトロ", "となりのととろ"),
        ("ハッピー フィート", "はっぴーふぃーと"),
        ("もののけ姫", ""),
        ("E.T.", ""),
        ("", ""),
    ],
)
def test_kana_read_themselves_and_nothing_else_does(title: str, reading: str) -> None:
    assert reading_of(title) == reading


@pytest.mark.parametrize(
    ("reading", "typed"),
    [
        ("とうきょうものがたり", "tokyo monogatari"),
        ("とうきょうものがたり", "toukyou monogatari"),
        ("とうきょうものがたり", "Tōkyō Monogatari"),
        ("せんとちひろのかみかくし", "Sen to Chihiro no Kamikakushi"),
        ("まじょのたっきゅうびん", "majo no takkyūbin"),
        ("きみのなは", "kimi no na wa"),
        ("ときをかけるしょうじょ", "toki wo kakeru shoujo"),
        ("しんぶん", "shimbun"),
        ("じゃっじ", "jajji"),
        ("うぃんたーふぃるむ", "wintaa firumu"),
        ("ごーすと", "gōsuto"),
    ],
)
def test_the_ways_of_writing_romaji_agree(reading: str, typed: str) -> None:
    assert romaji(reading) == folded(normalise(typed))


def test_what_is_not_in_latin_letters_is_no_romaji() -> None:
    assert folded(normalise("東京 story")) == ""


def test_chinese_characters_count_as_japanese_and_latin_letters_do_not() -> None:
    assert is_japanese("侯孝賢")
    assert is_japanese("ミラ")
    assert not is_japanese("Mira Nair")
