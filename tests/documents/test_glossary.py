"""The glossary has every public value type, and nothing that the code does not have."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "lianguan"
NAMED = re.compile(r"`(\w+(?:\.\w+)*)` \(([\w.]+)\)")
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.name != "__init__.py" and path.parent.name != "migrations"
}

Names = set[tuple[str, str]]
"""(name, module without `lianguan.`)."""


def public_classes() -> Names:
    """Every class that other modules may use."""
    return {
        (node.name, module)
        for module, path in MODULES.items()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def names_in(module: str) -> set[str]:
    """What a module defines: Record, Record.titles, merge, CAP."""
    body = ast.parse(MODULES[module].read_text("utf-8")).body
    return {name for node in body for name in _defined(node)}


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        names = (name for target in node.targets for name in ast.walk(target))
        yield from (name.id for name in names if isinstance(name, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.ClassDef):
        yield node.name
        yield from (f"{node.name}.{name}" for inner in node.body for name in _defined(inner))


def rows(text: str) -> Iterator[tuple[str, str, str]]:
    """(Chinese, English, names in code) of the glossary's tables."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and not set(line) <= set("|- "):
            yield cells[0], cells[1], cells[2]


def in_glossary(text: str) -> Names:
    return {(m[1], m[2]) for row in rows(text) for m in NAMED.finditer(row[2])}


def not_in_code(names: Names) -> list[str]:
    """Names that the code does not have."""
    return sorted(
        f"{name} ({module})"
        for name, module in names
        if module not in MODULES or name not in names_in(module)
    )


@pytest.fixture(scope="module")
def glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text("utf-8")


def test_every_public_class_is_in_the_glossary(glossary: str) -> None:
    assert public_classes() - in_glossary(glossary) == set()


def test_every_name_in_the_glossary_is_in_the_code(glossary: str) -> None:
    assert not_in_code(in_glossary(glossary)) == []


def test_every_line_has_a_word_in_both_languages_and_a_name(glossary: str) -> None:
    for zh, en, code in rows(glossary):
        if zh == "中文":
            continue
        assert re.search("[\u4e00-\u9fff]", zh), f"no Chinese: {zh} | {en}"
        assert re.search("[A-Za-z]", en), f"no English: {zh} | {en}"
        assert NAMED.search(code), f"no name in code: {zh} | {en}"


def test_a_word_has_one_meaning_only(glossary: str) -> None:
    chinese = [zh for zh, _, _ in rows(glossary) if zh != "中文"]
    assert sorted({zh for zh in chinese if chinese.count(zh) > 1}) == []


def test_a_class_that_was_renamed_is_missed() -> None:
    line = "| 书目记录 | record | `Record.titles` (engine.record), `Rekord` (engine.record) |"
    assert not_in_code(in_glossary(line)) == ["Rekord (engine.record)"]
