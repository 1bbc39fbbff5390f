"""The lines of a text file, in whatever of the usual encodings it is: UTF-8, UTF-16, CP932.

Only a piece of the file is held at a time, however long it is, and what is damaged costs its own line.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

PIECE = 64 * 1024

_NO_TEXT = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\uf8f0-\uf8f3]")  # the last: CP932's gaps


class NotText(Exception):
    pass


class TooLong(Exception):
    pass


@dataclass
class Lines:
    """Numbered from 1, as bytes of `codec`, without what ends them; of one longer than `longest` bytes only a part."""

    file: IO[bytes]
    longest: int
    codec: str = field(default="", init=False)

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        number, rest = 0, b""
        for piece in self._pieces():
            *lines, rest = (rest + piece).splitlines(keepends=True)
            if rest.endswith(b"\n"):
                lines.append(rest)
                rest = b""
            elif len(rest) > self.longest:
                rest = rest[: self.longest + 1] + rest[-1:]  # no more than shows that it is too long, and if it ends
            for line in lines:
                number += 1
                yield number, line.rstrip(b"\r\n")
        if rest:
            yield number + 1, rest.rstrip(b"\r\n")

    def text_of(self, line: bytes) -> str:
        """Raises TooLong, NotText."""
        if len(line) > self.longest:
            raise TooLong
        try:
            text = line.decode(self.codec or "ascii")
        except UnicodeDecodeError:
            raise NotText from None
        if _NO_TEXT.search(text):
            raise NotText
        return text

    def shown(self, line: bytes) -> str:
        """The beginning of a line, whatever it holds."""
        return _NO_TEXT.sub("�", line[:200].decode(self.codec or "ascii", "replace"))

    def _pieces(self) -> Iterator[bytes]:
        """Of the file without its mark; UTF-16 becomes UTF-8, in which a line ends as it does in ASCII."""
        piece = self.file.read(PIECE)
        if piece.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            yield from self._from_utf16(piece)
            return
        if piece.startswith(BOM_UTF8):
            self.codec, piece = "utf-8", piece.removeprefix(BOM_UTF8)
        while piece:
            if not self.codec and not piece.isascii():
                self.codec = "utf-8" if _is_utf8(piece) else "cp932"
            yield piece
            piece = self.file.read(PIECE)

    def _from_utf16(self, piece: bytes) -> Iterator[bytes]:
        self.codec = "utf-8"
        # What is no text there is none here either: it costs its line.
        decoder = getincrementaldecoder("utf-16")("surrogatepass")
        try:
            while piece:
                if text := decoder.decode(piece):
                    yield text.encode("utf-8", "surrogatepass")
                piece = self.file.read(PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            yield b"\xff"


def _is_utf8(piece: bytes) -> bool:
    """As most of its lines have it: one that is damaged must not turn all others into something else."""
    telling = [line for line in piece.splitlines() if not line.isascii()]
    return 2 * sum(map(_is_in_utf8, telling)) >= len(telling)


def _is_in_utf8(line: bytes) -> bool:
    try:
        getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True
