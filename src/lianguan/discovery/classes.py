"""Names of the classes of the Chinese library classification, as readers see them."""

import csv
from functools import cache
from importlib import resources


@cache
def _names() -> dict[str, dict[str, str]]:
    table = resources.files(__package__).joinpath("classes.csv").read_text("utf-8")
    return {line["code"]: line for line in csv.DictReader(table.splitlines())}


def class_name(code: str, language: str = "zh") -> str:
    """What stands under a class: I → 文学; "" where the table does not go so far down."""
    return _names().get(code, {}).get(language, "")


def steps_to(code: str) -> tuple[str, ...]:
    """The classes from the letter down to one: I24 → I, I2, I24."""
    return tuple(code[:length] for length in range(1, len(code) + 1))
