"""The two READMEs tell of everything that the command line can do."""

import re
from pathlib import Path

import pytest

from scripts.check_documents import ROOT, code_in, commands

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
ON_ALL = {"--help", "--json"}


def rows(readme: Path) -> dict[str, str]:
    """Command → its line in the table."""
    found = {}
    for line in readme.read_text("utf-8").splitlines():
        match = re.match(r"\| `lianguan ((?:(?:export|staff) )?[a-z]+)", line)
        if match:
            found[match[1]] = line
    return found


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_command_has_its_line_with_all_its_options(readme: Path) -> None:
    lines = rows(readme)
    for command, options in commands().items():
        if command in ("", "export", "staff"):
            continue
        assert command in lines, f"lianguan {command}"
        said = set(re.findall(r"--[a-z-]+", lines[command]))
        long = {option for option in options if option.startswith("--")}
        assert long - ON_ALL - said <= {"--library"} & long, f"lianguan {command}"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_says_how_to_begin_and_shows_a_picture(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in code_in(text)}
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", text)
    assert pictures
    assert all((ROOT / picture).stat().st_size < 200_000 for picture in pictures)


def test_both_readmes_tell_the_same_story() -> None:
    english, chinese = (list(code_in(path.read_text("utf-8"))) for path in READMES)
    words = [
        [
            re.sub(r"#.*|[^\x00-\x7f]+", "", line).split()[:2]
            for line in lines
            if "lianguan " in line
        ]
        for lines in (english, chinese)
    ]
    assert words[0] == words[1]
