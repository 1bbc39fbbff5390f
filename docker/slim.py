"""Take out of the image's packages what MyMovie never reads: `python slim.py /opt/venv`.

Descriptions of AWS services that we do not call, languages that the site does not speak, tests, sources of what is compiled.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

AWS_SERVICES = {"s3", "sqs", "ses", "sesv2", "sns", "sts", "cognito-idp"}
LANGUAGES = {"en", "ja"}
TESTS = ("csp", "icalendar", "jsonschema", "jsonschema_specifications", "referencing", "certifi")
SOURCES = {".po", ".pyx", ".pxd", ".pyi", ".c", ".h"}


def unread(packages: Path) -> Iterator[Path]:
    yield from (
        folder
        for folder in (packages / "botocore" / "data").iterdir()
        if folder.is_dir() and folder.name not in AWS_SERVICES
    )
    yield from (
        file
        for file in (packages / "babel" / "locale-data").glob("*.dat")
        if file.stem not in {"root", *(with_regions(file.stem))}
    )
    for locale in packages.rglob("locale"):
        yield from (
            folder for folder in locale.iterdir() if (folder / "LC_MESSAGES").is_dir() and folder.name not in LANGUAGES
        )
    yield from (packages / package / "tests" for package in TESTS)
    yield from (file for file in packages.rglob("*") if file.suffix in SOURCES)


def with_regions(name: str) -> set[str]:
    """The name itself, where it is one of our languages or one of them as some country writes it."""
    return {name} if name.partition("_")[0] in LANGUAGES else set()


def megabytes(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*")) // 2**20


def main(venv: Path) -> None:
    before = megabytes(venv)
    for packages in venv.glob("lib/python3*/site-packages"):
        for path in list(unread(packages)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    print(f"packages: {before} MB, {megabytes(venv)} MB of them read")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
