"""What must hold of the documents and of the size of modules. Run by `make check`.

Every link to a file of the repository leads somewhere; what a document shows as code names only
targets, commands, options and files that there are; no module is over 400 lines; nothing names
a path of somebody's machine.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any  # commands of Typer have no public type

import typer

from lianguan.site.command import app

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"\n\n((?: {4}[^\n]*\n)+)")
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
TARGET = re.compile(r"(?:^|&&|;)\s*make +([a-z][a-z-]*)")
RULE = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s`/])lianguan +([^#|>]*)")
OPTION = re.compile(r"--[a-z][a-z-]*")
FOLDERS = r"(?:src|docs|tests|scripts|demo|bench|locks|\.ci|engine|discovery|site)"
REPOSITORY_PATH = re.compile(rf"(?<![\w./-])({FOLDERS}/[\w./*-]*[\w*])")
PATHS_OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:home|work|root|Users|opt|tmp)/\w")
WRITTEN_BY_US = ("*.md", "*.toml", "docs/**/*.md", "scripts/*", *(
    f"{folder}/**/*.{ending}"
    for folder in ("src", "tests", "bench", "demo")
    for ending in ("py", "md", "csv")
))  # fmt: skip


def documents(root: Path) -> Iterator[Path]:
    """Every Markdown file of ours."""
    yield from root.glob("*.md")
    for folder in ("docs", "demo", "bench"):
        yield from (root / folder).rglob("*.md")


def code_in(text: str) -> Iterator[str]:
    """The lines of a document that are shown as code: blocks, and words between backticks."""
    rest = FENCED.sub("", text)
    for block in (*FENCED.findall(text), *INDENTED.findall(rest)):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(rest)


def shown_as_code(root: Path) -> Iterator[tuple[str, str]]:
    """(document, line of code)."""
    for document in documents(root):
        for line in code_in(document.read_text("utf-8")):
            yield str(document.relative_to(root)), line


def broken_links(root: Path) -> Iterator[str]:
    for document in documents(root):
        for match in LINK.finditer(document.read_text("utf-8")):
            target = match[1] or match[2]
            is_elsewhere = re.match(r"[a-z]+:", target)
            if not is_elsewhere and not (document.parent / target).exists():
                yield f"{document.relative_to(root)}: {target} leads nowhere"


def unknown_targets(root: Path) -> Iterator[str]:
    """`make …` that the Makefile does not know."""
    known = set(RULE.findall((root / "Makefile").read_text("utf-8")))
    for document, line in shown_as_code(root):
        for target in TARGET.findall(line):
            if target not in known:
                yield f"{document}: there is no `make {target}`"


@cache
def commands() -> dict[str, frozenset[str]]:
    """The commands that `lianguan` has, "export records" among them, with their options; ""
    is `lianguan` itself."""
    return dict(_commands_under("", typer.main.get_command(app)))


def _commands_under(name: str, command: Any) -> Iterator[tuple[str, frozenset[str]]]:
    yield name, frozenset({"--help", *(o for one in command.params for o in one.opts)})
    for word, below in getattr(command, "commands", {}).items():
        yield from _commands_under(f"{name} {word}".strip(), below)


def unknown_commands(root: Path) -> Iterator[str]:
    """`lianguan …` with a command or an option that there is not."""
    for document, line in shown_as_code(root):
        for said in COMMAND.findall(line):
            if wrong := _wrong_in(said):
                yield f"{document}: there is no `lianguan {wrong}`"


def _wrong_in(said: str) -> str:
    """The command, or the command and option, that does not exist; "" if all is well."""
    words = [word for word in said.split() if word != "…"]
    name = ""
    while words and f"{name} {words[0]}".strip() in commands():
        name = f"{name} {words.pop(0)}".strip()
    has_more = any(other.startswith(f"{name} ".lstrip()) for other in commands() if other != name)
    if has_more and words and not words[0].startswith("-"):
        return f"{name} {words[0]}".strip()
    options = OPTION.findall(" ".join(words))
    return next((f"{name} {one}".strip() for one in options if one not in commands()[name]), "")


def missing_files(root: Path) -> Iterator[str]:
    """Paths shown as code that are neither in the repository nor in the package."""
    for document, line in shown_as_code(root):
        for path in REPOSITORY_PATH.findall(line):
            if not any(any(base.glob(path)) for base in (root, root / "src" / "lianguan")):
                yield f"{document}: {path} is not there"


def long_modules(root: Path) -> Iterator[str]:
    for folder in ("src", "tests", "bench", "demo", "scripts"):
        for module in (root / folder).rglob("*.py"):
            lines = len(module.read_text("utf-8").splitlines())
            if lines > MOST_LINES:
                yield f"{module.relative_to(root)}: {lines} lines, over {MOST_LINES}"


def machine_paths(root: Path) -> Iterator[str]:
    for pattern in WRITTEN_BY_US:
        for file in filter(Path.is_file, root.glob(pattern)):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                if PATHS_OF_A_MACHINE.search(line):
                    yield f"{file.relative_to(root)}:{number}: a path of one machine"


CHECKS = (
    broken_links,
    unknown_targets,
    unknown_commands,
    missing_files,
    long_modules,
    machine_paths,
)


def wrong_in(root: Path) -> list[str]:
    """A sentence for everything that does not hold."""
    return [sentence for check in CHECKS for sentence in check(root)]


def main() -> int:
    wrong = wrong_in(ROOT)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
