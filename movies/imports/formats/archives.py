"""ZIP files, judged before anything is unpacked, and never believed about how large their members are."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from movies.imports.formats.rows import FileRefused

MOST_MEMBERS = 5000
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes, of all members together
LARGEST_RATIO = 200
SMALL = 1024 * 1024  # of a member of less, nobody minds the ratio
BROKEN = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def is_archive(file: IO[bytes]) -> bool:
    """By its first bytes; leaves the file at its beginning."""
    file.seek(0)
    begins = file.read(4)
    file.seek(0)
    return begins in (b"PK\x03\x04", b"PK\x05\x06")


@contextmanager
def opened(file: IO[bytes]) -> Iterator["Archive"]:
    """Raises FileRefused."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _judge(members)
            yield Archive(archive, [member for member in members if not member.is_dir()])
    except zipfile.BadZipFile:
        raise FileRefused("broken_archive") from None


class Archive:
    def __init__(self, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = {member.filename: member for member in members}
        self.names = list(self._members)

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """To be read from the front. Raises FileRefused, also while it is read."""
        member = self._members[name]
        try:
            with self._archive.open(member) as packed:
                yield io.BufferedReader(_Unpacked(packed, _most(member)))
        except FileRefused:
            raise
        except BROKEN:
            raise FileRefused("broken_archive") from None


class _Unpacked(io.RawIOBase):
    """No more of a member than it said that it holds."""

    def __init__(self, packed: IO[bytes], most: int) -> None:
        self._packed, self._left = packed, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        try:
            piece = self._packed.read(len(buffer))
        except BROKEN:
            raise FileRefused("broken_archive") from None
        self._left -= len(piece)
        if self._left < 0:
            raise FileRefused("archive_too_large")
        buffer[: len(piece)] = piece
        return len(piece)


def _judge(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise FileRefused("too_many_members", str(len(members)))
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise FileRefused("archive_too_large")
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/"):
            raise FileRefused("archive_leaves_itself", name)
        if member.flag_bits & 1:
            raise FileRefused("archive_encrypted")
        if member.file_size > max(_most(member), SMALL):
            raise FileRefused("archive_too_large")
        if name.casefold().endswith((".zip", ".gz", ".tar", ".7z", ".rar")):
            raise FileRefused("archive_nested", name)


def _most(member: zipfile.ZipInfo) -> int:
    return max(member.compress_size * LARGEST_RATIO, SMALL)
