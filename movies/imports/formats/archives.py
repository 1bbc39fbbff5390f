"""ZIP files, judged before anything is unpacked, and never believed about how large their members are."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from movies.imports.formats.rows import FileRefused

MOST_MEMBERS = 5000
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes, of all members together
LARGEST_RATIO = 200
SMALL = 1024 * 1024  # of a member of less, nobody minds the ratio
LARGEST_DIRECTORY = 4 * 1024 * 1024  # bytes of the list of members
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


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
        archive = zipfile.ZipFile(_InPieces(file))
    except BROKEN:
        raise FileRefused("broken_archive") from None
    with archive:
        members = archive.infolist()
        _judge(members)
        yield Archive(archive, [member for member in members if member.filename and not member.is_dir()])


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
            packed = self._archive.open(member)
        except BROKEN:
            raise FileRefused("broken_archive") from None
        with packed:
            yield io.BufferedReader(_Unpacked(packed, _most(member)))


class _InPieces:
    """The list of members would be read at once, however long it claims to be: not so here."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_DIRECTORY:
            raise FileRefused("too_many_members", f"> {MOST_MEMBERS}")
        return self._file.read(size)


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
            raise FileRefused("archive_leaves_itself", name[:100])
        if member.flag_bits & 1:
            raise FileRefused("archive_encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("unknown_archive")  # others may ask for as much memory as they like
        if member.file_size > max(_most(member), SMALL):
            raise FileRefused("archive_too_large")
        if name.casefold().endswith((".zip", ".gz", ".tar", ".7z", ".rar")):
            raise FileRefused("archive_nested", name[:100])


def _most(member: zipfile.ZipInfo) -> int:
    return max(member.compress_size * LARGEST_RATIO, SMALL)
