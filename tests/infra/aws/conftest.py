"""What is described for AWS. Its tools are in requirements/aws.txt alone: `make aws-check` has them."""

from collections.abc import Callable
from typing import Any

import pytest

import infra.aws  # noqa: F401 - first: it says which Node.js CDK is to take

pytest.importorskip("aws_cdk", reason="needs requirements/aws.txt: make aws-check")

from aws_cdk import Stack
from aws_cdk.assertions import Template

from infra.aws.app import build
from infra.aws.values import SIZES


class Templates:
    """All stacks of one size, by what they are called."""

    def __init__(self, size: str) -> None:
        stacks = [stack for stack in build(size).node.children if isinstance(stack, Stack)]
        self.by_name: dict[str, Template] = {stack.stack_name: Template.from_stack(stack) for stack in stacks}

    def __getitem__(self, concern: str) -> Template:
        """stg's, or one that all share."""
        name = next(name for name in self.by_name if name in (f"MyMovie-stg-{concern}", f"MyMovie-{concern}"))
        return self.by_name[name]

    def every(self, kind: str, concern: str) -> list[dict[str, Any]]:
        """The properties of all resources of a kind."""
        return [found.get("Properties", {}) for found in self[concern].find_resources(kind).values()]

    def only(self, kind: str, concern: str) -> dict[str, Any]:
        [found] = self.every(kind, concern)
        return found


@pytest.fixture(scope="session")
def of_size() -> Callable[[str], Templates]:
    made: dict[str, Templates] = {}

    def get(size: str) -> Templates:
        if size not in made:
            made[size] = Templates(size)
        return made[size]

    return get


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def hobby(of_size: Callable[[str], Templates]) -> Templates:
    return of_size("hobby")


@pytest.fixture
def templates(size: str, of_size: Callable[[str], Templates]) -> Templates:
    return of_size(size)
