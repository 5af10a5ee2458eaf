"""A hub with people in it, and one where nobody has been yet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest
from django.test import Client

from tests import databases

django.setup()  # before the modules with rows are loaded

from lianguan.network.models import Staff  # noqa: E402
from tests.network import world  # noqa: E402


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Path]:
    """The hub of `world`; gives its data folder."""
    like = world.template()
    with databases.sqlite(tmp_path / "data", like):
        yield tmp_path / "data"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """A data folder in which no hub was founded."""
    with databases.sqlite(tmp_path / "data"):
        yield tmp_path / "data"


Seated = Callable[[str], Client]


@pytest.fixture
def at_work(network: Path) -> Seated:
    """The browser of somebody who has signed in."""

    def seated(sign_in: str) -> Client:
        client = Client()
        client.force_login(Staff.objects.get(sign_in=sign_in))
        return client

    return seated


@pytest.fixture
def reader() -> Client:
    """A browser that checks what a real one would be checked for."""
    return Client(enforce_csrf_checks=False)
