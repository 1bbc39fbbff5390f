import io
import struct
import zipfile

import pytest

from movies.imports.formats import archives
from movies.imports.formats.rows import FileRefused


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return file


def contents(file):
    with archives.opened(file) as archive:
        told = {}
        for name in archive.names:
            with archive.member(name) as member:
                told[name] = member.read()
        return told


def refusal(file):
    with pytest.raises(FileRefused) as refused:
        contents(file)
    return refused.value.code, refused.value.about


def damaged(file, old, new, *, last=False):
    """With `new` in the place of the first, or last, `old`."""
    content = bytearray(file.getvalue())
    at = content.rindex(old) if last else content.index(old)
    content[at : at + len(new)] = new
    return io.BytesIO(bytes(content))


def test_members_are_read_whole_and_folders_are_none():
    assert contents(zipped(("a/", ""), ("a/b.csv", "x" * 100_000), ("渡し船.csv", ""))) == {
        "a/b.csv": b"x" * 100_000,
        "渡し船.csv": b"",
    }


@pytest.mark.parametrize(
    ("begins", "is_archive"), [(b"PK\3\4", True), (b"PK\5\6", True), (b"PK,x", False), (b"", False)]
)
def test_an_archive_is_known_by_how_it_begins(begins, is_archive):
    file = io.BytesIO(begins)

    assert archives.is_archive(file) is is_archive
    assert file.tell() == 0


@pytest.mark.parametrize(
    "name", ["../a.csv", "a/../../b.csv", "/etc/a.csv", "C:/a.csv", "c:a.csv", "..\\a.csv", "\\\\host\\a.csv"]
)
def test_what_would_leave_the_archive_is_refused(name):
    code, about = refusal(zipped((name, "x")))

    assert (code, about) == ("archive_leaves_itself", name.replace("\\", "/"))


@pytest.mark.parametrize("name", ["a.zip", "b/c.ZIP", "d.tar.gz", "e.7z"])
def test_an_archive_within_is_refused(name):
    assert refusal(zipped((name, "x"))) == ("archive_nested", name)


def test_a_member_that_unpacks_to_two_hundred_times_itself_is_refused():
    assert refusal(zipped(("a.csv", b"\0" * 10_000_000))) == ("archive_too_large", "")


def test_a_small_one_may_unpack_to_as_much_as_it_likes():
    assert contents(zipped(("a.csv", b"\0" * 1_000_000))) == {"a.csv": b"\0" * 1_000_000}


def _claiming(size):
    """Of a member that holds ten million bytes."""
    file = zipped(("a.csv", b"\0" * 10_000_000))
    return damaged(file, struct.pack("<L", 10_000_000), struct.pack("<L", size), last=True)


def test_a_member_that_claims_to_be_small_is_not_believed():
    assert refusal(_claiming(1000)) == ("broken_archive", "")


def test_a_member_that_claims_to_be_huge_is_refused_unread():
    assert refusal(_claiming(2**31)) == ("archive_too_large", "")


def test_all_members_together_may_not_be_huge(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 250)

    assert refusal(zipped(*((f"{n}.csv", "x" * 100) for n in range(3)))) == ("archive_too_large", "")


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)

    assert refusal(zipped(*((f"{n}.csv", "") for n in range(3)))) == ("too_many_members", "3")


def test_a_list_of_members_that_is_too_long_is_not_read():
    """A hundred thousand of them, all of which are the same one."""
    whole = zipped(("a.csv", "x")).getvalue()
    first, end = whole.index(b"PK\1\2"), whole.index(b"PK\5\6")
    members = whole[first:end] * 100_000
    ending = whole[end : end + 12] + struct.pack("<LLH", len(members), first, 0)

    assert refusal(io.BytesIO(whole[:first] + members + ending)) == ("too_many_members", "> 5000")


def test_what_is_locked_is_refused():
    content = bytearray(zipped(("a.csv", "x")).getvalue())
    content[content.rindex(b"PK\1\2") + 8] |= 1

    assert refusal(io.BytesIO(bytes(content))) == ("archive_encrypted", "")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_no_film_log_packs_with_is_refused(method):
    assert refusal(zipped(("a.csv", "x"), method=method)) == ("unknown_archive", "")


def test_members_that_lie_over_each_other_are_refused():
    file = zipped(("a.csv", "x" * 1000), ("b.csv", "y" * 1000), method=zipfile.ZIP_STORED)
    content = bytearray(file.getvalue())
    second = content.rindex(b"PK\1\2")
    content[second + 42 : second + 46] = struct.pack("<L", 0)  # where the first begins

    assert refusal(io.BytesIO(bytes(content))) == ("broken_archive", "")


def test_what_is_damaged_is_said_to_be_broken():
    file = zipped(("a.csv", bytes(range(256)) * 200))
    whole = file.getvalue()
    directory = whole.rindex(b"PK\1\2")

    for broken in (
        whole[:-30],
        whole[: len(whole) // 2],
        whole[:4],
        b"PK\5\6" + b"\0" * 10,
        whole[:60] + b"\xff" * 50 + whole[110:],
        whole[:directory] + b"XX" + whole[directory + 2 :],
        whole[:directory] + whole[directory + 10 :],
    ):
        assert refusal(io.BytesIO(broken)) == ("broken_archive", "")


def test_a_name_that_is_no_text_is_broken():
    file = zipped(("渡.csv", "x"))

    assert refusal(damaged(file, "渡".encode(), b"\xff\xfe\xfd", last=True)) == ("broken_archive", "")


def test_what_whoever_reads_it_throws_is_not_the_archives_fault():
    with (
        pytest.raises(ValueError, match="mine"),
        archives.opened(zipped(("a.csv", "x"))) as archive,
        archive.member("a.csv"),
    ):
        raise ValueError("mine")
