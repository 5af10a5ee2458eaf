"""A hub for each test that asks for one."""

from pathlib import Path

import pytest

from tests.union.hub import Hub


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)
