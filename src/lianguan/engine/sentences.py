"""The sentences that people read for codes: one table, words.csv, in Chinese and English."""

import csv
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("words.csv").read_text("utf-8")
    return {line["code"]: line for line in csv.DictReader(text.splitlines())}


def sentence(code: str, language: str = "zh") -> str:
    """What a code means in words; the code itself where the table does not have it."""
    said = _sentences().get(code, {}).get(language, "")
    return said or code


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())
