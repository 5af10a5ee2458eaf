"""The tables of docs/matching.md, as the program has them.

python -m scripts.matching_tables [--write]
"""

import argparse
import re
from pathlib import Path

from lianguan.engine.match.decide import ANY, POINTS, RULES

DOCUMENT = Path(__file__).parents[1] / "docs" / "matching.md"


def points() -> str:
    """A line for each field: its levels with what they cost."""
    return "".join(
        f"| {field} | {', '.join(f'{level} {cost}' for level, cost in levels.items())} |\n"
        for field, levels in POINTS.items()
    )


def rows() -> str:
    """A line for each row, in order."""
    said = []
    for row in RULES:
        needed = "; ".join(f"{field}: {levels}" for field, levels in row.fields.items())
        limit = "" if row.most == ANY else f"; at most {row.most} points"
        said.append(f"| {row.name} | {row.decision} | {needed}{limit} |\n")
    return "".join(said)


def with_tables(document: str) -> str:
    """The document with its tables made anew."""
    for name, table in (("points", points()), ("rows", rows())):
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        document = marks.sub(lambda found, table=table: f"{found[1]}{table}{found[2]}", document)  # type: ignore[misc]
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put them into the document")
    told = parser.parse_args()
    made = with_tables(DOCUMENT.read_text("utf-8"))
    if told.write:
        DOCUMENT.write_text(made, "utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
