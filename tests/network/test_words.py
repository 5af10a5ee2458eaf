"""Every code of a page at work has its words, in Chinese and in English, and every word is used."""

import csv
import re
from pathlib import Path

from lianguan import network
from lianguan.network.kinds import KINDS
from lianguan.network.roles import DUTIES, ROLES
from lianguan.network.views import DONE
from lianguan.site.wording import wording

HERE = Path(network.__file__).parent
TEMPLATES = [*(HERE / "templates").rglob("*.html")]
WORDS = list(csv.DictReader((HERE / "words.csv").read_text("utf-8").splitlines()))
CODE = re.compile(
    r"""(?:say|label=|hint=|wrong=|title=|happened=|safe=|do=)\s*["']([a-z_]+)["'](?!\|)"""
)


def codes() -> set[str]:
    said = {code for path in TEMPLATES for code in CODE.findall(path.read_text("utf-8"))}
    said |= {f"role_{role.code}" for role in ROLES} | {f"kind_{kind}" for kind in KINDS}
    said |= {f"duty_{duty}" for duty in (*DUTIES, "work")} | {f"done_{done}" for done in DONE}
    said -= {"role_", "kind_", "done_"}
    return {code for code in said if code != "site"}


def test_every_code_has_words() -> None:
    for code in codes():
        for language in ("zh", "en"):
            assert wording(code, language) != code, (code, language)


def test_both_languages_take_the_same_values() -> None:
    for line in WORDS:
        places = [set(re.findall(r"\{\d", line[language])) for language in ("zh", "en")]
        assert places[0] == places[1], line["code"]
        assert all(line.values()), line


def test_no_code_stands_twice_and_none_is_for_nothing() -> None:
    known = [line["code"] for line in WORDS]
    assert len(known) == len(set(known))
    python = "".join(path.read_text("utf-8") for path in HERE.parent.rglob("*.py"))
    own = codes()
    unused = [code for code in known if code not in own and f'"{code}"' not in python]
    assert [code for code in unused if not code.startswith("password_")] == []
