"""济南市图书馆: CNMARC in UTF-8, in full and by the book.

Its habits: simplified characters whatever the title page has; pinyin in $9 (in $A in what it
catalogued before 2000); ISBN-13 with hyphens; headings for all names; one 905 a location, and
in it all that is held of a serial.
"""

import re

import opencc

from demo.coded import first_year, general, hyphenated, languages, region
from demo.facts import Agent, Described, Fact, described, pinyin
from demo.iso2709 import Field, control, data, leader, record

ENTERED = "20230105"
LATIN_ROLES = {"绘": "illustrated by ", "译": "translated by ", "序": "introduction by "}
LOCATIONS = {
    "juvenile": "少儿借阅区",
    "tib": "民族文献室",
    "eng": "外文文献区",
    "fre": "外文文献区",
}
PERIOD = re.compile(r"^\d{4}|[近现当當唐宋元明清汉]代$|北魏$|时代$|民国|后期$|後期$")
PLACE = re.compile(
    r"^(?:中国|中國|美国|英国|法国|加拿大|世界|北京|山东|甘肃|济南)$|(?:[县州]|地区|三角洲)$"
)


def export() -> bytes:
    """The member's file."""
    write = Jinan()
    return b"".join(
        record(leader(one.fact.kind, bool(one.fact.part_number)), write.fields(one), "utf-8")
        for one in described("J")
    )


class Jinan:
    """Writes one record after another; bar codes go up as it goes on."""

    def __init__(self) -> None:
        self.simplified = opencc.OpenCC("t2s").convert
        self.readings = pinyin()
        self.barcode = 0

    def fields(self, one: Described) -> list[Field]:
        fact = one.fact
        indicators, spoken = languages(fact)
        said = [
            control("001", one.number),
            control("005", f"{ENTERED}093000.0"),
            data(
                "010", "  ", ("a", hyphenated(fact.isbn)), ("b", _binding(fact)), ("d", fact.price)
            ),
            data("100", "  ", ("a", general(fact, ENTERED, "50"))),
            data("101", indicators, *spoken),
            data("102", "  ", ("a", "CN" if region(fact) else ""), ("b", region(fact))),
            data("105", "  ", ("a", "y   z   000yy" if fact.kind == "book" else "")),
            data("106", "  ", ("a", "r" if fact.kind == "book" else "")),
            *self.description(one),
            *self.access(one),
            data("801", " 0", ("a", "CN"), ("b", "JNL"), ("c", ENTERED)),
            *(self.holdings_of_a_serial(one) if one.issues else (self.holding(one),)),
        ]
        return [Field(f.tag, f.indicators, self.in_simplified(f), f.text) for f in said]

    def in_simplified(self, field: Field) -> tuple[tuple[str, str], ...]:
        return tuple((code, self.simplified(text)) for code, text in field.subfields)

    def reading(self, text: str, one: Described) -> tuple[str, str]:
        code = "A" if "1900" < first_year(one.fact) < "2000" else "9"
        return code, one.readings.get(text) or self.readings.get(text, "")

    def description(self, one: Described) -> list[Field]:
        """200 to 330: what stands on the book."""
        fact = one.fact
        note = "312" if "封面" in fact.note else "300"
        return [
            self.title(one),
            data("205", "  ", ("a", "" if fact.edition in ("第1版", "初版") else fact.edition)),
            data("210", "  ", ("a", fact.place), ("c", fact.publisher), ("d", fact.year)),
            data("215", "  ", ("a", fact.extent)),
            data("225", "2 ", ("a", fact.series), self.reading(fact.series, one)),
            data(note, "  ", ("a", "" if _binding(fact) else fact.note)),
            data("330", "  ", ("a", fact.abstract)),
        ]

    def title(self, one: Described) -> Field:
        fact = one.fact
        (_, first), *others = fact.by_role or [("", [])]
        return data(
            "200", "1 ",
            ("a", fact.title), self.reading(fact.title, one),
            ("b", "电子资源" if fact.kind == "online" else ""),
            ("h", fact.part_number), ("i", fact.part_name),
            ("d", fact.parallel_title), ("z", _language_of(fact.parallel_title)),
            ("e", fact.subtitle),
            ("f", _statement(first)), *(("g", _statement(group)) for _, group in others),
        )  # fmt: skip

    def access(self, one: Described) -> list[Field]:
        """4xx to 702: where else it can be looked for."""
        fact = one.fact
        whole = f"2001 \x1fa{fact.title}" if fact.part_number else ""
        found = [
            data("461", " 0", ("1", whole)),
            data("510", "1 ", ("a", fact.parallel_title), ("z", _language_of(fact.parallel_title))),
            data(
                "541", "1 ", ("a", fact.supplied_title), ("z", "chi" if fact.supplied_title else "")
            ),
        ]
        for heading, *rest in fact.headings:
            found.append(data("606", "0 ", ("a", heading), *((_division(w), w) for w in rest)))
        found.append(data("690", "  ", ("a", fact.clc), ("v", "5")))
        main = fact.people[0].role if fact.people else ""
        return found + [self.agent(a, a.role == main, one) for a in fact.people]

    def agent(self, agent: Agent, is_first: bool, one: Described) -> Field:
        """701 and 702 for people, 711 and 712 for bodies."""
        if agent.is_body:
            tag, head = ("711" if is_first else "712"), "02"
        else:
            tag, head = ("701" if is_first else "702"), " 1" if ", " in agent.name else " 0"
        name, _, given = agent.name.partition(", ") if not agent.is_body else (agent.name, "", "")
        return data(
            tag, head, ("a", name), ("b", given), self.reading(agent.name, one),
            ("f", f"({agent.origin})" if agent.origin else ""), ("4", agent.role),
        )  # fmt: skip

    def holding(self, one: Described) -> Field:
        fact = one.fact
        codes = []
        for _ in range(one.copies):
            self.barcode += 1
            codes.append(("b", f"3701{self.barcode:08d}"))
        location = LOCATIONS.get(fact.audience) or LOCATIONS.get(fact.language) or "中文图书借阅区"
        shelf = _shelf(one)
        return data(
            "905", "  ", ("a", "JNL"), *codes, ("c", location), ("d", fact.clc),
            ("e", str(one.sequence)), ("f", str(one.copies)), ("s", shelf),
        )  # fmt: skip

    def holdings_of_a_serial(self, one: Described) -> list[Field]:
        """One 905 a location, years and numbers in $y and $v."""
        return [
            data(
                "905", "  ", ("a", "JNL"), ("c", held.location), ("s", _shelf(one)),
                ("y", held.years), ("v", held.volumes),
            )
            for held in one.issues
        ]  # fmt: skip


def _shelf(one: Described) -> str:
    return f"{one.fact.clc}/{one.sequence}"


def _statement(agents: list[Agent]) -> str:
    """(清)曹雪芹, 高鹗著: names with commas, the role behind the last."""
    if not agents:
        return ""
    role = agents[0].role
    if all(name.direct.isascii() or ", " in name.name for name in agents):
        return LATIN_ROLES.get(role, "") + ", ".join(agent.direct for agent in agents)
    names, origin = [], ""
    for agent in agents:
        shown = agent.origin if agent.origin != origin else ""
        names.append(f"({shown}){agent.direct}" if shown else agent.direct)
        origin = agent.origin or origin
    return ", ".join(names) + (f" {role}" if "\u0f00" <= role[:1] <= "\u0fff" else role)


def _division(word: str) -> str:
    """The code of a subdivision: $y place, $z period, $x topic."""
    if PERIOD.search(word):
        return "z"
    return "y" if PLACE.search(word) else "x"


def _binding(fact: Fact) -> str:
    return fact.note if fact.note in ("精装", "平装") else ""


def _language_of(title: str) -> str:
    if not title:
        return ""
    if title.isascii() or title[0].isascii():
        return "eng"
    return "tib" if "\u0f00" <= title[0] <= "\u0fff" else "chi"
