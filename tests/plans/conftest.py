from collections.abc import Iterator

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from tests.plans import world


@pytest.fixture(scope="session")
def connected(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    with world.seeded(tmp_path_factory.mktemp("world")) as url:
        there = world.connected(url)
        yield there
        there.close()


@pytest.fixture
def in_the_world(connected: BaseDatabaseWrapper, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), world.entered(connected):
        yield
