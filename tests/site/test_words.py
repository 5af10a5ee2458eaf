"""Everything that a code can be said of has a sentence, in Chinese and in English."""

import csv
import re
from collections import Counter
from pathlib import Path

from lianguan.engine import sentences
from lianguan.engine.match.decide import RULES, VETOES
from lianguan.engine.match.levels import LEVELS
from lianguan.engine.read.findings import Reason, Rule
from lianguan.site.wording import PACKAGES, wording

SOURCE = Path(sentences.__file__).parent.parent
NOT_SENTENCES = {"csv", "utf-8"}


def test_every_repair_reason_veto_level_and_decision_is_worded() -> None:
    codes = sentences.codes()
    assert {rule.name.lower() for rule in Rule if rule.name} <= codes
    assert {reason.value for reason in Reason} <= codes
    assert set(VETOES) <= codes
    assert {f"field_{name}" for name in LEVELS} <= codes
    assert {f"decision_{rule.decision}" for rule in RULES} <= codes
    allowed = {
        level for rule in RULES for levels in rule.fields.values() for level in levels.split()
    }
    assert {f"level_{level}" for level in allowed} <= codes


def test_every_refusal_in_the_code_is_worded() -> None:
    said = {
        code
        for module in SOURCE.rglob("*.py")
        for code in re.findall(r'Refused\(\s*"(\w+)"', module.read_text("utf-8"))
    }
    assert said
    assert [code for code in said if wording(code) == code] == []


def test_a_code_stands_in_one_table_only() -> None:
    paths = [SOURCE / package / "words.csv" for package in ("engine", *PACKAGES)]
    tables = [path.read_text("utf-8").splitlines() for path in paths]
    known = [row["code"] for table in tables for row in csv.DictReader(table)]
    assert [code for code, count in Counter(known).items() if count > 1] == []


def test_every_sentence_is_there_in_both_languages() -> None:
    for code in sentences.codes():
        for language in sentences.LANGUAGES:
            assert sentences.sentence(code, language) != code, (code, language)


def test_languages_and_formats_have_names() -> None:
    assert sentences.language_name("tib") == "藏语"
    assert sentences.language_name("xyz") == "xyz"
    assert sentences.format_name("text electronic") == "图书（电子）"
    assert sentences.format_name("serial", "en") == "serial"
