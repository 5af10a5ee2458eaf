"""The tables of the demonstration: facts of editions, and who describes which of them how.

`facts.csv` has one edition a line; `source` names where the facts stand, or says "synthetic".
`records.csv` has one member's record a line; `differs` is what that member writes otherwise.
`issues.csv` has what a member holds of a serial.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent

LIBRARIES = {"J": "CN-370100-1-JNL", "H": "CN-632200-1-HBL", "G": "CN-632224-1-GCL"}
NAMES = {"J": "济南市图书馆", "H": "海北州图书馆", "G": "刚察县图书馆"}

AGENT = re.compile(r"(?P<body>#?)(?:（(?P<origin>[^）]+)）)?(?P<name>[^=]+)=(?P<role>.*)")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who had a part in the work; western names stand with the surname first."""

    name: str
    role: str
    origin: str = ""
    """Dynasty or nationality."""
    is_body: bool = False

    @property
    def direct(self) -> str:
        """The name as a title page has it."""
        surname, comma, rest = self.name.partition(", ")
        return f"{rest} {surname}" if comma and not self.is_body else self.name


@dataclass(frozen=True, slots=True)
class Fact:
    """One edition. Every attribute is a column of `facts.csv`."""

    key: str
    title: str
    subtitle: str
    part_number: str
    part_name: str
    parallel_title: str
    supplied_title: str
    """A translation of the title that a cataloguer made."""
    agents: str
    edition: str
    place: str
    publisher: str
    year: str
    extent: str
    series: str
    clc: str
    subjects: str
    language: str
    audience: str
    isbn: str
    price: str
    abstract: str
    note: str
    kind: str
    """book, serial, video, online."""
    source: str

    @property
    def people(self) -> tuple[Agent, ...]:
        """The agents in their order: `（清）曹雪芹=著; #国家统计局=编`."""
        said = (AGENT.fullmatch(one) for one in self.agents.split("; ") if one)
        return tuple(
            Agent(m["name"], m["role"], m["origin"] or "", bool(m["body"])) for m in said if m
        )

    @property
    def by_role(self) -> list[tuple[str, list[Agent]]]:
        """Neighbouring agents of one role together, as statements of responsibility have them."""
        groups: list[tuple[str, list[Agent]]] = []
        for agent in self.people:
            if groups and groups[-1][0] == agent.role:
                groups[-1][1].append(agent)
            else:
                groups.append((agent.role, [agent]))
        return groups

    @property
    def headings(self) -> list[list[str]]:
        """Subject headings, each with its subdivisions."""
        return [heading.split("－") for heading in self.subjects.split("; ") if heading]


@dataclass(frozen=True, slots=True)
class Issues:
    """What a member says it has of a serial: one volume on the shelf, or all of them in a line.
    Every attribute is a column of `issues.csv`."""

    location: str
    years: str
    volumes: str
    missing: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Described:
    """A member's record of an edition."""

    library: str
    number: str
    copies: int
    fact: Fact
    """With what this member writes otherwise."""
    damage: str = ""
    sequence: int = 1
    """Number of this title within its class, in this library."""
    readings: dict[str, str] = field(default_factory=dict)
    """Pinyin that this member has otherwise, right or wrong."""
    issues: tuple[Issues, ...] = ()
    """Of a serial: what the member has of it."""

    @property
    def name(self) -> str:
        """The record's name everywhere: LIBRARY:NUMBER."""
        return f"{LIBRARIES[self.library]}:{self.number}"


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts() -> dict[str, Fact]:
    """The editions by their keys."""
    columns = {one.name: "class" if one.name == "clc" else one.name for one in fields(Fact)}
    rows = _rows("facts.csv")
    return {row["key"]: Fact(**{n: row[c] for n, c in columns.items()}) for row in rows}


def pinyin() -> dict[str, str]:
    """Titles and names → their transcription."""
    return {row["text"]: row["pinyin"] for row in _rows("pinyin.csv")}


def described(library: str) -> list[Described]:
    """The records of one member, in the order in which it sends them."""
    known = facts()
    in_class: Counter[str] = Counter()
    found = []
    for row in _rows("records.csv"):
        if row["library"] == library:
            one = _described(row, known[row["key"]])
            in_class[one.fact.clc] += 1
            found.append(replace(one, sequence=in_class[one.fact.clc]))
    return found


def _described(row: dict[str, str], fact: Fact) -> Described:
    said = dict(part.split("=", 1) for part in row["differs"].split("|") if part)
    readings = {k.removeprefix("pinyin_of_"): said.pop(k) for k in list(said) if "pinyin_of" in k}
    fact = replace(fact, **said)
    return Described(
        row["library"],
        row["number"],
        int(row["copies"]),
        fact,
        row["damage"],
        readings=readings,
        issues=tuple(_issues(row["library"], row["number"])),
    )


def _issues(library: str, number: str) -> Iterator[Issues]:
    for row in _rows("issues.csv"):
        if (row.pop("library"), row.pop("number")) == (library, number):
            yield Issues(**row)
