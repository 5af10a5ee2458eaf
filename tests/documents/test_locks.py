"""The locked versions: whoever sets the project up gets every library that it names."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
ENGINE = PROJECT["project"]["dependencies"]
RUN = [*ENGINE, *EXTRAS["site"]]
SPARK = [*ENGINE, *EXTRAS["spark"]]
DEV = [*RUN, *PROJECT["dependency-groups"]["dev"]]


def name(requirement: str) -> str:
    """The name that a requirement begins with, as an index of packages spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


@pytest.mark.parametrize(
    ("lock", "wanted"), [("run.txt", RUN), ("dev.txt", DEV), ("spark.txt", SPARK)]
)
def test_a_library_that_the_project_names_is_locked(lock: str, wanted: list[str]) -> None:
    text = (ROOT / "locks" / lock).read_text("utf-8")
    locked = {name(line) for line in text.splitlines() if "==" in line}
    assert {name(one) for one in wanted} <= locked
