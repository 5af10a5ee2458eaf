"""What any code means in words: those of the pages, and those of the engine."""

import csv
from functools import cache
from importlib import resources

from lianguan.engine.sentences import sentence

PACKAGES = ("site", "discovery", "catalogue", "network")
"""Those with a words.csv of their own; a code stands in one of them."""


@cache
def _words() -> dict[str, dict[str, str]]:
    tables = (resources.files(f"lianguan.{package}").joinpath("words.csv") for package in PACKAGES)
    texts = [table.read_text("utf-8") for table in tables if table.is_file()]
    return {line["code"]: line for text in texts for line in csv.DictReader(text.splitlines())}


def wording(code: str, language: str = "zh") -> str:
    """The sentence of a code; the code itself where no table has it."""
    own = _words().get(code)
    return own[language] if own else sentence(code, language)
