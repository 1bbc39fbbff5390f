import datetime

import pytest

from movies.imports.formats import registry
from movies.imports.formats.netflix import is_episode
from movies.imports.formats.rows import FilmNamed, Said
from tests.movies.imports.formats.files import read, refused, said, table


def history(*days):
    return table("Title,Date", *(f'"Film {number}","{day}"' for number, day in enumerate(days)))


def test_a_day_is_one_of_a_viewing():
    assert said(table("Title,Date", '"Meet Joe Black","2023-09-09"')) == [
        Said(
            film=FilmNamed("Meet Joe Black"),
            is_seen=True,
            is_viewing=True,
            watched_on=datetime.date(2023, 9, 9),
        )
    ]


@pytest.mark.parametrize(
    "title",
    [
        "White Collar: Season 2: Withdrawal",
        "Doctor Who: Season 10: Twice Upon a Time",
        "Muted: Limited Series: Episode 1",
        " : Episode 7",
        "Money Heist: Part 4: Game Over",
        "Monster: The Jeffrey Dahmer Story: The Good Boy Box (Episode 4)",
        "Dark: Staffel 1: Geheimnisse",
        "ストレンジャー・シングス 未知の世界: シーズン1: 第一章 ウィル・バイヤーズの失踪",
        "イカゲーム：シーズン１：だるまさんがころんだ日",
        "クイーンズ・ギャンビット: リミテッドシリーズ: オープニング",
        "鬼滅の刃: 竈門炭治郎 立志編: 第1話",
        "ミッドナイト・ダイナー: 第2シーズン: タンメン",
        "今際の国のアリス: エピソード3",
    ],
)
def test_episodes_are_no_films(title):
    assert refused(table("Title,Date", f'"{title}","2023-09-09"')) == [("not_a_film", "Title", title.strip())]


@pytest.mark.parametrize(
    "title",
    [
        "Infinite",
        "The Old Guard 2",
        "Dune: Part Two",
        "The Hunger Games: Mockingjay: Part 1",
        "Harry Potter and the Deathly Hallows: Part 2",
        "Kill Bill: Vol. 2",
        "Star Wars: Episode IV",
        "Open Season",
        "Season of the Witch",
        "Mission: Impossible - Fallout",
        "スター・ウォーズ エピソード/新たなる希望",
        "シーズン・オブ・ザ・ウィッチ",
    ],
)
def test_films_are_no_episodes(title):
    assert not is_episode(title)


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["2023-09-09"], "ymd"),
        (["9/9/23", "12/13/26"], "mdy"),
        (["24.01.23", "31.12.22"], "dmy"),
        (["24/05/01", "23/12/31"], "ymd"),
        (["2023. 9. 9."], "ymd"),
    ],
)
def test_the_order_of_day_and_month_is_told_by_days_that_allow_no_other(days, order):
    recognised = registry.recognise(history(*days))

    assert (recognised.format, recognised.date_order, recognised.asks_date_order) == ("netflix", order, False)


def test_an_order_that_nobody_can_tell_is_asked_for():
    recognised = registry.recognise(history("9/9/23", "12/12/22"))

    assert (recognised.date_order, recognised.asks_date_order) == ("", True)


@pytest.mark.parametrize(("order", "month", "day"), [("mdy", 5, 1), ("dmy", 1, 5)])
def test_days_are_read_in_the_order_that_was_told_and_each_row_keeps_it(order, month, day):
    (row,) = read(history("5/1/24"), date_order=order)

    assert row.said.watched_on == datetime.date(2024, month, day)
    assert row.raw["date_order"] == order


def test_without_an_order_no_day_is_guessed():
    assert refused(history("5/1/24")) == [("unclear_date", "Date", "5/1/24")]


def test_a_table_with_more_columns_is_anyones_own():
    assert registry.recognise(table("Title,Date,Score", "Ferry,2023-09-09,80")).format == "plain"
