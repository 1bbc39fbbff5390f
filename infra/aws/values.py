"""What differs between environments and sizes, read from the TOML files beside this."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZES = sorted(path.stem for path in (HERE / "sizes").glob("*.toml"))


@dataclass(frozen=True)
class Database:
    least: float  # ACU
    most: float
    readers: int


@dataclass(frozen=True)
class Web:
    cpu: int  # 1024 are one core
    memory: int  # MiB
    processes: int
    connections: int
    least: int
    most: int
    requests_a_minute: int


@dataclass(frozen=True)
class Relay:
    cpu: int
    memory: int
    count: int
    spot: bool


@dataclass(frozen=True)
class Worker:
    queues: list[str]
    cpu: int
    memory: int
    concurrency: int
    least: int
    most: int
    spot: bool


@dataclass(frozen=True)
class Size:
    private: bool
    insights: bool
    database: Database
    web: Web
    relay: Relay
    workers: dict[str, Worker]

    @classmethod
    def read(cls, name: str) -> "Size":
        told = tomllib.loads((HERE / "sizes" / f"{name}.toml").read_text())
        return cls(
            private=told["private"],
            insights=told["insights"],
            database=Database(**told["database"]),
            web=Web(**told["web"]),
            relay=Relay(**told["relay"]),
            workers={name: Worker(**worker) for name, worker in told["workers"].items()},
        )


@dataclass(frozen=True)
class Environment:
    name: str
    account: str
    domain: str
    zone_id: str
    size: Size
    budget: int  # USD a month

    @property
    def url(self) -> str:
        return f"https://{self.domain}"


@dataclass(frozen=True)
class Values:
    region: str
    zones: list[str]
    cloudfront_prefix_list: str
    repository: str
    watched_by: str
    logs: str  # the account
    monitoring: str  # the account
    sink: str  # of the account that monitors, as its stack says it
    environments: dict[str, Environment]

    @classmethod
    def read(cls, size: str = "") -> "Values":
        """With every environment of `size`, where that is said."""
        told: dict[str, Any] = tomllib.loads((HERE / "environments.toml").read_text())
        environments = {
            name: Environment(name=name, **{**environment, "size": Size.read(size or environment["size"])})
            for name, environment in told.pop("environments").items()
        }
        return cls(**told.pop("accounts"), **told, environments=environments)
