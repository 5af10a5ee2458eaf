"""Which Tibetan texts the small font is enough for (docs/decisions/0021)."""

import csv
import re
from functools import cache
from importlib import resources

MARKS = "\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u0fc6"
STACK = re.compile(f"[\u0f40-\u0f6c\u0f88-\u0f8c][{MARKS}]*|[{MARKS}]+")
"""A letter with all that stands under and above it, or such marks that have lost their letter."""


@cache
def ordinary() -> frozenset[str]:
    """The stacks of stacks.csv, which the small font draws like the whole one: all that occur of
    those that Tibetan words are made of, foreign ones that are not rare in titles of books."""
    table = resources.files("lianguan.site").joinpath("stacks.csv").read_text("utf-8")
    return frozenset(line["stack"] for line in csv.DictReader(table.splitlines()))


def is_rare(text: str) -> bool:
    """Has it a stack that needs the whole font? Most such are Sanskrit in Tibetan letters."""
    return not ordinary().issuperset(STACK.findall(text))
