"""Lists of places as people paste them: a name a line, what belongs to what by indentation or by a
column, and what else a line says recognised by how it looks. Nothing is lost: a line with a mistake
stays in its place and says what is wrong."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lianguan.engine.text.fold import TIBETAN
from lianguan.network.codes import guessed
from lianguan.network.kinds import IN_A_LIST, UNDER, kind_of

LONGEST = 1000
"""Lines of one list."""
DEEPEST = 6
"""Levels of one list: prefecture, county, township, village, and two to spare."""
LONGEST_NAME = 100
LONGEST_OTHER = 200

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""As the engine has it for libraries."""
LOOKS_LIKE_A_CODE = re.compile(r"(?=.*[A-Z0-9])[A-Z0-9][A-Z0-9_.-]{0,63}")
LATIN = re.compile(r"[A-Za-z]")
WIDTHS = {" ": 1, "\u00a0": 1, "\u3000": 2, "\t": 4}
BULLET = re.compile(r"^(?:[-*•·–—]+|[├└│─┬]+)\s*")
CELLS = re.compile(r"\t+")
COMMAS = re.compile(r"\s*[,，;；]\s*")


@dataclass(frozen=True, slots=True)
class Standing:
    """A place that is there already."""

    code: str
    name: str
    kind: str
    is_open: bool = True
    """Those of the list may stand under it. Its code is taken in any case."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list, as it was understood."""

    line: int
    """Its number in the text, from 1."""
    name: str
    name_bo: str = ""
    name_en: str = ""
    kind: str = ""
    code: str = ""
    parent: str = ""
    """Code of the place that it belongs to; "" for the one under which the list is put."""
    depth: int = 0
    errors: tuple[str, ...] = ()
    """Lines of words.csv."""


@dataclass(slots=True)
class _Line:
    """A line on its way."""

    line: int
    indent: int
    name: str
    said: dict[str, str] = field(default_factory=dict)
    """name_bo, name_en, code, parent: what other cells say."""
    above: "_Line | None" = None
    over: Standing | None = None
    """The standing place that it belongs to, if it belongs to one."""
    kind: str = ""
    code: str = ""
    errors: list[str] = field(default_factory=list)


def read_list(
    text: str,
    under: Standing,
    standing: Sequence[Standing] = (),
    known: Mapping[str, str] | None = None,
    chosen: Mapping[int, tuple[str, str]] | None = None,
    withheld: Collection[str] = (),
) -> list[Listed]:
    """The places of a list that is put under a place. `standing`: those that are there; `known`:
    codes by which the union catalogue knows libraries, by name; `chosen`: kind and code that a
    person chose, by line; `withheld`: codes that are not for whoever wrote the list. Those to which
    others belong come first."""
    lines = list(_lines(text))
    for line in lines[LONGEST:]:
        line.errors.append("list_too_long")
    _belonging(lines, under, standing)
    _kinds(lines, under, chosen or {})
    _said_codes(lines, known or {}, chosen or {})
    _codes(lines, {one.code.casefold() for one in standing}, withheld)
    _twice(lines)
    return [_listed(line) for line in _from_the_top(lines)]


def _lines(text: str) -> Iterator[_Line]:
    for number, said in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if said.strip():
            yield _line(number, said)


def _line(number: int, said: str) -> _Line:
    rest = said.lstrip()
    indent = sum(WIDTHS.get(sign, 1) for sign in said[: len(said) - len(rest)])
    rest = BULLET.sub("", rest.rstrip())
    cells = [cell.strip() for cell in (CELLS if "\t" in rest else COMMAS).split(rest)]
    line = _Line(number, indent, " ".join(cells[0].split()))
    for cell in filter(None, cells[1:]):
        what = _what(cell)
        if what in line.said:
            line.errors.append("cell_twice")
        line.said.setdefault(what, cell)
    line.errors += _wrong_names(line)
    return line


def _what(cell: str) -> str:
    """What a cell beside the name says."""
    if TIBETAN.search(cell):
        return "name_bo"
    if LOOKS_LIKE_A_CODE.fullmatch(cell):
        return "code"
    return "name_en" if LATIN.match(cell) else "parent"


def _wrong_names(line: _Line) -> Iterator[str]:
    if not line.name:
        yield "name_missing"
    if any(not sign.isprintable() for sign in line.name):
        yield "name_unprintable"
    others = (line.said.get("name_bo", ""), line.said.get("name_en", ""))
    if len(line.name) > LONGEST_NAME or max(map(len, others)) > LONGEST_OTHER:
        yield "name_too_long"


def _belonging(lines: list[_Line], under: Standing, standing: Sequence[Standing]) -> None:
    """To what each line belongs: what its column says, else the line that it is indented under."""
    open_lines: list[_Line] = []
    for line in lines:
        while open_lines and open_lines[-1].indent >= line.indent:
            open_lines.pop()
        if "parent" in line.said:
            _named(line, lines, standing)
        elif open_lines:
            line.above = open_lines[-1]
        open_lines.append(line)
    _break_circles(lines)
    for line in lines:
        if _depth(line) >= DEEPEST:
            line.errors.append("too_deep")
        if line.above is None and line.over is None:
            line.over = under


def _break_circles(lines: list[_Line]) -> None:
    """Found first and broken then: a circle is seen from all of its lines."""
    circular = [line for line in lines if _is_in_a_circle(line)]
    for line in circular:
        line.errors.append("parent_circular")
        line.above = None


def _named(line: _Line, lines: Iterable[_Line], standing: Iterable[Standing]) -> None:
    name = line.said["parent"]
    found = [one for one in lines if one.name == name]
    named = [one for one in standing if one.name == name]
    there = [one for one in named if one.is_open]
    if not found and not there:
        line.errors.append("parent_elsewhere" if named else "parent_unknown")
    elif len(found) + len(there) > 1:
        line.errors.append("parent_ambiguous")
    elif found:
        line.above = found[0]
    else:
        line.over = there[0]


def _is_in_a_circle(line: _Line) -> bool:
    seen = set[int]()
    one: _Line | None = line
    while one is not None:
        if one.line in seen:
            return True
        seen.add(one.line)
        one = one.above
    return False


def _kinds(lines: list[_Line], under: Standing, chosen: Mapping[int, tuple[str, str]]) -> None:
    for line in lines:
        said = chosen.get(line.line, ("", ""))[0]
        line.kind = said if said in IN_A_LIST else kind_of(line.name)
    for line in lines:
        over = line.above.kind if line.above else (line.over or under).kind
        if not line.kind:
            line.errors.append("kind_unknown")
        elif over and over not in UNDER[line.kind]:
            line.errors.append("kind_misplaced")


def _said_codes(
    lines: list[_Line], known: Mapping[str, str], chosen: Mapping[int, tuple[str, str]]
) -> None:
    for line in lines:
        line.code = chosen.get(line.line, ("", ""))[1] or line.said.get("code", "")
        line.code = line.code or known.get(line.name, "")


def _codes(lines: list[_Line], taken: set[str], withheld: Collection[str]) -> None:
    """Codes that were said are taken first; the rest are guessed around them."""
    not_theirs = {code.casefold() for code in withheld} - taken
    waiting = [line for line in lines if not line.code]
    for line in lines:
        if not line.code:
            continue
        if not CODE.fullmatch(line.code):
            line.errors.append("code_wrong")
        elif line.code.casefold() in not_theirs:
            line.errors.append("code_has_records")
        elif line.code.casefold() in taken:
            line.errors.append("code_taken")
        else:
            taken.add(line.code.casefold())
    taken |= not_theirs
    for line in _from_the_top(waiting):
        over = line.above.code if line.above else line.over.code if line.over else ""
        line.code = guessed(line.name, line.kind, over, taken)
        taken.add(line.code.casefold())


def _twice(lines: Iterable[_Line]) -> None:
    """One name twice in one place is a slip."""
    seen = set[tuple[str, int, str]]()
    for line in lines:
        one = (line.name, line.above.line if line.above else 0, line.over.code if line.over else "")
        if one in seen:
            line.errors.append("name_twice")
        seen.add(one)


def _from_the_top(lines: Sequence[_Line]) -> list[_Line]:
    """Each after the one that it belongs to, else as they were written."""
    below: dict[int, list[_Line]] = {}
    there = {line.line for line in lines}
    for line in lines:
        top = line.above is None or line.above.line not in there
        below.setdefault(0 if top or line.above is None else line.above.line, []).append(line)
    ordered: list[_Line] = []
    waiting = below.get(0, [])[::-1]
    while waiting:
        line = waiting.pop()
        ordered.append(line)
        waiting += below.get(line.line, [])[::-1]
    return ordered


def _listed(line: _Line) -> Listed:
    over = line.above.code if line.above else line.over.code if line.over else ""
    said = line.said
    made = Listed(line.line, line.name, said.get("name_bo", ""), said.get("name_en", ""))
    return replace(
        made,
        kind=line.kind,
        code=line.code,
        parent=over,
        depth=_depth(line),
        errors=tuple(dict.fromkeys(line.errors)),
    )


def _depth(line: _Line) -> int:
    depth = 0
    while line.above is not None:
        line = line.above
        depth += 1
    return depth
