"""The sentences that people read for codes: a table for each package, words.csv, in Chinese and
English."""

import csv
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


_packages = ["lianguan.engine"]
"""Those whose words are known."""


def add_words(package: str) -> None:
    """Know the words of a package too. A code stands in one table only."""
    if package not in _packages:
        _packages.append(package)
        _sentences.cache_clear()


@cache
def _sentences() -> dict[str, dict[str, str]]:
    tables = (resources.files(package).joinpath("words.csv") for package in _packages)
    texts = [table.read_text("utf-8") for table in tables if table.is_file()]
    return {line["code"]: line for text in texts for line in csv.DictReader(text.splitlines())}


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
