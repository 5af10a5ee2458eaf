"""A journal to write in, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from tests import databases

django.setup()  # before the modules with rows are loaded


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL; skipped with the reason where there is none."""
    if reason := databases.missing_postgresql():
        pytest.skip(reason)
    with databases.postgresql_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def people(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database; gives what tells another process of it."""
    if request.param == "sqlite":
        with databases.sqlite(tmp_path):
            yield {"LIANGUAN_DATA": str(tmp_path)}
        return
    address = request.getfixturevalue("server")
    with databases.postgresql(address, tmp_path):
        yield {"LIANGUAN_DATA": str(tmp_path), "LIANGUAN_DATABASE": address}


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Path]:
    """The folder of an empty SQLite database."""
    with databases.sqlite(tmp_path):
        yield tmp_path
