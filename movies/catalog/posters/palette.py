"""Which colours a drawn poster is printed in: Japanese traditional ones, by genre, fading with age."""

from collections.abc import Sequence
from typing import NamedTuple

SUMI, KINARI = "#1b1714", "#f8f2e4"


class Palette(NamedTuple):
    """`ink` is readable on `ground`, on `figure` and on any mix of them; nothing is ever printed on `spark`."""

    ground: str
    figure: str
    spark: str
    ink: str


PAIRS = {
    "sumi": Palette("#211d1b", "#ab352b", "#e3c48a", KINARI),  # 墨と紅
    "kon": Palette("#1d2c50", "#b83a2b", "#edb84a", KINARI),  # 紺と朱
    "tetsu": Palette("#12313b", "#2b6b84", "#f0a15c", KINARI),  # 鉄と縹
    "matsu": Palette("#1b3d33", "#5c6b2a", "#ecd27c", KINARI),  # 松葉と苔
    "shikon": Palette("#35213f", "#95446a", "#f2b8a8", KINARI),  # 紫紺と梅
    "ebicha": Palette("#4f2521", "#a34a26", "#f0c37a", KINARI),  # 海老茶と柿渋
    "torinoko": Palette("#efe3c8", "#df6340", "#23406b", SUMI),  # 鳥の子と朱
    "yamabuki": Palette("#ecb443", "#e27a3e", "#2a2320", SUMI),  # 山吹と柿
    "asagi": Palette("#8dbfba", "#f0e5cc", "#c23a2a", SUMI),  # 浅葱と生成
    "sakura": Palette("#f0c8bf", "#aebb7c", "#8c2c3e", SUMI),  # 桜と若草
}

PAIRS_BY_GENRE = {
    12: ("matsu", "torinoko", "yamabuki", "tetsu"),  # adventure
    14: ("shikon", "asagi", "kon", "sakura"),  # fantasy
    16: ("asagi", "yamabuki", "sakura", "torinoko"),  # animation
    18: ("tetsu", "torinoko", "ebicha", "kon", "asagi"),  # drama
    27: ("sumi", "shikon", "matsu", "ebicha"),  # horror
    28: ("sumi", "kon", "yamabuki", "torinoko"),  # action
    35: ("yamabuki", "asagi", "sakura", "torinoko"),  # comedy
    36: ("ebicha", "matsu", "torinoko", "sumi"),  # history
    37: ("ebicha", "yamabuki", "torinoko", "sumi"),  # western
    53: ("tetsu", "sumi", "shikon", "kon"),  # thriller
    80: ("sumi", "kon", "ebicha", "torinoko"),  # crime
    99: ("torinoko", "tetsu", "matsu", "asagi"),  # documentary
    878: ("tetsu", "kon", "shikon", "asagi"),  # science fiction
    9648: ("shikon", "tetsu", "matsu", "sumi"),  # mystery
    10402: ("yamabuki", "shikon", "kon", "sakura"),  # music
    10749: ("sakura", "shikon", "torinoko", "ebicha"),  # romance
    10751: ("asagi", "yamabuki", "matsu", "sakura"),  # family
    10752: ("matsu", "sumi", "ebicha", "tetsu"),  # war
}
ANY = tuple(PAIRS)


def choose(*, genre_ids: Sequence[int], year: int | None, dice: bytes) -> Palette:
    genres = [PAIRS_BY_GENRE.get(genre_id, ANY) for genre_id in genre_ids[:3]] or [ANY]
    names = genres[dice[0] % len(genres)]
    pair = PAIRS[names[dice[1] % len(names)]]
    if dice[2] % 3 == 0:
        pair = pair._replace(ground=pair.figure, figure=pair.ground)
    left = colour_left(year)
    ground, figure, spark = (fade(colour, left) for colour in pair[:3])
    return Palette(ground, figure, spark, pair.ink)


def colour_left(year: int | None) -> float:
    """How much of its colour a print of that year has kept: little before 1950, most by 1970, then all."""
    if year is None or year >= 1970:
        return 1
    return 0.14 if year < 1950 else 0.66


def fade(colour: str, left: float) -> str:
    """Towards a grey as light as the colour itself, so that whatever was readable on it stays so."""
    grey = round(255 * to_display(luminance(colour)))
    return mix(f"#{grey:02x}{grey:02x}{grey:02x}", colour, left)


def mix(one: str, other: str, share: float) -> str:
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}" for a, b in zip(channels(one), channels(other), strict=True)
    )


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    red, green, blue = (to_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def to_display(linear: float) -> float:
    return linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
