from dataclasses import dataclass

from mymovie.rest.problems import Problem


@dataclass(frozen=True)
class Credentials:
    """By what somebody asks. `counted_as`: its own name among the limits, where it has limits of its own; `asker` and
    `problem`: who asks, and why they are nobody to us, though the credentials hold."""

    may_write: bool = True
    counted_as: str = ""
    asker: str = ""
    problem: Problem | None = None
