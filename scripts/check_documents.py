"""What must hold of the documents and of the size of modules. Run by `make check`.

Every link to a file of the repository leads somewhere; no module is over 400 lines; nothing
names a path of somebody's machine.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
PATHS_OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:home|work|root|Users|opt|tmp)/\w")
WRITTEN_BY_US = ("*.md", "*.toml", "src/**/*.py", "tests/**/*.py", "bench/**/*.py", "demo/**/*.py")


def documents() -> Iterator[Path]:
    """Every Markdown file of ours."""
    yield from ROOT.glob("*.md")
    for folder in ("docs", "demo", "bench"):
        yield from (ROOT / folder).rglob("*.md")


def broken_links() -> Iterator[str]:
    for document in documents():
        for match in LINK.finditer(document.read_text("utf-8")):
            target = match[1] or match[2]
            is_elsewhere = re.match(r"[a-z]+:", target)
            if not is_elsewhere and not (document.parent / target).exists():
                yield f"{document.relative_to(ROOT)}: {target} leads nowhere"


def long_modules() -> Iterator[str]:
    for folder in ("src", "tests", "bench", "demo", "scripts"):
        for module in (ROOT / folder).rglob("*.py"):
            lines = len(module.read_text("utf-8").splitlines())
            if lines > MOST_LINES:
                yield f"{module.relative_to(ROOT)}: {lines} lines, over {MOST_LINES}"


def machine_paths() -> Iterator[str]:
    for pattern in WRITTEN_BY_US:
        for file in ROOT.glob(pattern):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                if PATHS_OF_A_MACHINE.search(line):
                    yield f"{file.relative_to(ROOT)}:{number}: a path of one machine"


def main() -> int:
    wrong = [*broken_links(), *long_modules(), *machine_paths()]
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
