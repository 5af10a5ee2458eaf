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


@cache
def _languages() -> dict[str, dict[str, str]]:
    path = resources.files(__package__).joinpath("mapping/codes/languages.csv")
    return {line["code"]: line for line in csv.DictReader(path.read_text("utf-8").splitlines())}


def language_name(code: str, language: str = "zh") -> str:
    """A language by its code (ISO 639-2): tib → 藏语; the code itself for rare ones."""
    return _languages().get(code, {}).get(language) or code


def format_name(said: str, language: str = "zh") -> str:
    """A format in words: "text electronic" → 图书（电子）."""
    what, _, carrier = said.partition(" ")
    name = sentence(f"format_{what}", language)
    if not carrier:
        return name
    on = sentence(f"carrier_{carrier}", language)
    return f"{name}（{on}）" if language == "zh" else f"{name} ({on})"


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())
