"""A hub for each test that asks for one."""

from pathlib import Path

import pytest

from tests.union.hub import Hub


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Where backups stand: another disk, whose name has a space in it."""
    return tmp_path / "second disk" / "lianguan"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Hub:
    """A machine with nothing on it."""
    folder = tmp_path / "new machine"
    folder.mkdir()
    return Hub(folder)
