"""Work that is done again only when what it is made from has changed."""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.folder import FOLDER, ROOT
from infra.local.processes import Part

APPS = ("mymovie", "movies", "accounts")


@dataclass(frozen=True)
class Chore:
    name: str
    command: Sequence[str]
    inputs: Sequence[Path]
    outputs: Sequence[Path]

    def is_done(self) -> bool:
        return (
            all(output.exists() for output in self.outputs)
            and self._stamp.exists()
            and self._stamp.read_text() == self._fingerprint()
        )

    def start(self, environment: Mapping[str, str], *, holding: Sequence[int]) -> Part:
        command = [sys.executable, *self.command]
        return Part(self.name, command, environment=environment, log=self._stamp.with_suffix(".log"), holding=holding)

    def finish(self, part: Part) -> None:
        part.require_success()
        self._stamp.write_text(self._fingerprint())

    @property
    def _stamp(self) -> Path:
        return FOLDER / f"{self.name.lower().replace(' ', '-')}.stamp"

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in sorted([*self.inputs, *self.outputs]):
            digest.update(f"{path}\n".encode())
        for path in sorted(self.inputs):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def messages() -> Chore:
    sources = [path for app in APPS for path in (ROOT / app).glob("locale/**/*.po")]
    return Chore(
        "Building messages",
        ["-m", "mymovie.messages", "compile"],
        inputs=sources,
        outputs=[source.with_suffix(".mo") for source in sources],
    )


def static_files(static_root: Path) -> Chore:
    return Chore(
        "Collecting static files",
        ["manage.py", "collectstatic", "--noinput"],
        inputs=[
            ROOT / "requirements" / "local.txt",  # Django's admin brings files of its own
            *(path for app in APPS for path in (ROOT / app).glob("static/**/*") if path.is_file()),
        ],
        outputs=[static_root / "staticfiles.json"],
    )
