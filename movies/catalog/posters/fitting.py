"""The size at which pieces fill the room given to them, and the lines they then stand in."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from movies.catalog.posters.pieces import Piece, extent

MOST_LINES = 6


class Fit(NamedTuple):
    size: float
    lines: list[Piece]

    @property
    def length(self) -> float:
        return self.size * max(map(extent, self.lines), default=0)

    def breadth(self, pitch: float) -> float:
        return self.size * (1 + pitch * (len(self.lines) - 1)) if self.lines else 0


class Setting(NamedTuple):
    """How lines follow each other: their distance in ems, and what share of its size a title gives to have one less."""

    pitch: float
    thrift: float


def fit(pieces: Sequence[Piece], setting: Setting, *, along: float, across: float, largest: float) -> Fit:
    """`along` and `across` are the room in the direction of the line and of the next one."""
    fits = [Fit(0, [])]
    for count in range(1, min(len(pieces), MOST_LINES) + 1):
        lines = break_lines(pieces, count)
        room_across = across / (1 + setting.pitch * (count - 1))
        fits.append(Fit(min(along / max(map(extent, lines)), room_across, largest), lines))
    return max(fits, key=lambda fit: fit.size * (1 - setting.thrift) ** len(fit.lines))


def break_lines(pieces: Sequence[Piece], count: int) -> list[Piece]:
    """So many lines, as even as they can be: the sum of the fourth powers of their lengths is the least."""
    reach = [0.0, *accumulate(map(extent, pieces))]
    best: dict[int, tuple[float, list[int]]] = {0: (0, [0])}
    for _ in range(count):
        best = {
            end: min(
                (cost + (reach[end] - reach[start]) ** 4, [*breaks, end])
                for start, (cost, breaks) in best.items()
                if start < end
            )
            for end in range(min(best) + 1, len(pieces) + 1)
        }
    breaks = best[len(pieces)][1]
    return [without_space_before([g for piece in pieces[a:b] for g in piece]) for a, b in pairwise(breaks)]


def without_space_before(line: Piece) -> Piece:
    return line[1:] if line[0].is_space else line
