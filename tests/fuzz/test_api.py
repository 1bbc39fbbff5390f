"""The API under whatever its own description can make up. `make fuzz` runs the long one; FUZZ_CASES is how many in all."""

import contextlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.description import document
from tests.security.api_table import TABLE
from tests.security.roles import World
from tests.standins.tmdb import TmdbServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

CASES = int(os.environ.get("FUZZ_CASES", "0"))
SEEDS = (1, 2, 3) if CASES else (1,)
ROLES = ("anonymous", "owner", "staff") if CASES else ("anonymous", "owner")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]

handler = WSGIHandler()


def site(environ: dict[str, Any], start: Any) -> list[bytes]:
    """What it answers, read to its end."""
    with contextlib.closing(handler(environ | {"REMOTE_ADDR": "127.0.0.1"}, start)) as answer:
        return [b"".join(answer)]


SCHEMA = schemathesis.openapi.from_dict(
    document(),
    config=SchemathesisConfig(
        projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(with_security_parameters=False)))
    ),
)
SCHEMA.app = site
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
EACH = -(-CASES // (len(SEEDS) * len(ROLES) * len(OPERATIONS))) or 10


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """That of the test, in whose transaction all of it happens."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="session")
def answers(request: pytest.FixtureRequest) -> Iterator[Counter[tuple[str, int]]]:
    """How many of each status there were, by role."""
    answers: Counter[tuple[str, int]] = Counter()
    yield answers
    if CASES:
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{answers.total()} cases")
            for (role, status), times in sorted(answers.items()):
                print(f"{role:>10} {status} {times:6}")


def real(label: str, world: World) -> dict[str, Any]:
    """Path and body of something that is there."""
    method, _space, template = label.partition(" ")
    form = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
    for name, address in TABLE.items():
        if method.lower() in address.statuses:
            path = reverse(name, kwargs=address.path(world))
            if (there := form.fullmatch(path)) and (path == template or path not in document()["paths"]):
                return {"path_parameters": there.groupdict(), "body": address.data(world)}
    raise LookupError(label)


def plainly(case: Case) -> Case:
    """Without what is made up and mostly refused: what such an answer says is looked at as well."""
    for name in ("fields", "after"):
        case.query.pop(name, None)
    for name in ("Idempotency-Key", "If-Match"):
        case.headers.pop(name, None)
    return case


def beside_the_point(case: Case) -> list[Any]:
    """An answer with few fields lacks the others."""
    return [response_schema_conformance] if case.query.get("fields") else []


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_description_knows(
    label: str, role: str, number: int, answers: Counter[tuple[str, int]], tmdb_server: TmdbServer
) -> None:
    operation, world = OPERATIONS[label], World.make()
    there, headers = real(label, world), dict(world.script(role).defaults)
    token = {"Authorization": headers["HTTP_AUTHORIZATION"]} if "HTTP_AUTHORIZATION" in headers else {}
    place = {"path_parameters": there["path_parameters"]} if there["path_parameters"] else {}
    kinds = [
        operation.as_strategy(GenerationMode.POSITIVE, **place),
        operation.as_strategy(GenerationMode.POSITIVE, **place).map(plainly),
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE, **place),
        operation.as_strategy(GenerationMode.NEGATIVE),
    ]
    if there["body"] and operation.body:
        kinds.append(
            operation.as_strategy(GenerationMode.POSITIVE, **there, media_type="application/json").map(plainly)
        )
    faults: dict[str, str] = {}

    @seed(number)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(kinds))
    def attack(case: Case) -> None:
        undone = transaction.atomic()
        undone._from_testcase = True  # type: ignore[attr-defined]  # durable ones may begin in it
        with undone:
            answer = case.call(headers=token)
            transaction.set_rollback(True)
        answers[role, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS, excluded_checks=beside_the_point(case), headers=token)
        except FailureGroup as group:
            for fault in group.exceptions:
                faults.setdefault(f"{type(fault).__name__}: {fault}", case.as_curl_command())

    attack()

    assert not faults, "\n\n".join(f"{fault}\n{command}" for fault, command in faults.items())
