"""Take out of the image's packages what nobody reads there: `python slim.py /opt/venv`.

Descriptions of AWS services that we do not call, languages that the site does not speak, maps of the world, static files
(they are gathered beside), tests, and sources of what is compiled.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

AWS_SERVICES = {"s3", "sqs", "ses", "sesv2", "sns", "sts", "cognito-idp", "secretsmanager"}
LANGUAGES = {"en", "ja"}
PACKAGES_WITH_TESTS = ("certifi", "csp", "icalendar", "jsonschema", "jsonschema_specifications", "referencing")
OTHER = ("django/contrib/gis", "boto3/examples")
SOURCES = {".po", ".pyx", ".pxd", ".pyi", ".c", ".h"}


def unread(packages: Path) -> Iterator[Path]:
    services = (path for path in (packages / "botocore" / "data").iterdir() if path.is_dir())
    yield from (service for service in services if service.name not in AWS_SERVICES)
    words = (packages / "babel" / "locale-data").glob("*.dat")
    yield from (file for file in words if file.stem not in LANGUAGES | {"root"})
    words = packages.rglob("LC_MESSAGES")
    yield from (folder.parent for folder in words if folder.parent.name not in LANGUAGES)
    yield from (packages / package / "tests" for package in PACKAGES_WITH_TESTS)
    yield from (packages / folder for folder in OTHER)
    static = (folder for folder in packages.rglob("static") if not (folder / "__init__.py").exists())
    yield from static
    yield from (file for file in packages.rglob("*") if file.suffix in SOURCES)


def megabytes(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*")) // 2**20


def main(venv: Path) -> None:
    before = megabytes(venv)
    for packages in venv.glob("lib/python3*/site-packages"):
        for path in list(unread(packages)):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()
    print(f"packages: {before} MB, {megabytes(venv)} MB without what nobody reads")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
