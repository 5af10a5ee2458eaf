"""The checks of the documents: each is broken once, and seen to say so."""

from pathlib import Path

import pytest

from scripts.check_documents import MOST_LINES, ROOT, commands, wrong_in


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository in which everything holds."""
    write(tmp_path, "Makefile", "test: setup  ## all tests\n\t@scripts/test\nsetup:\n\ttrue\n")
    write(tmp_path, "src/lianguan/engine/record.py", "SLOTS = 1\n")
    write(tmp_path, "docs/glossary.md", "# Words\n")
    write(
        tmp_path,
        "README.md",
        "See [the words](docs/glossary.md#a) and `engine/record.py`.\n\n"
        "```sh\nmake test\nlianguan import books.mrc --library A --full\n"
        "lianguan export records \\\n  out.mrc --format iso2709   # not --this\n```\n",
    )
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_repository_in_which_everything_holds_is_let_pass(repository: Path) -> None:
    assert wrong_in(repository) == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("[words](docs/glosary.md)", "README.md: docs/glosary.md leads nowhere"),
        ('<img src="docs/entry.png">', "README.md: docs/entry.png leads nowhere"),
        ("Then run `make tset`.", "README.md: there is no `make tset`"),
        ("```\nmake test && make relaese\n```", "README.md: there is no `make relaese`"),
        ("Then:\n\n    make benhc   # fast?", "README.md: there is no `make benhc`"),
        ("`lianguan inport x.mrc`", "README.md: there is no `lianguan inport`"),
        ("`.venv/bin/lianguan serf`", "README.md: there is no `lianguan serf`"),
        ("`lianguan export everything`", "README.md: there is no `lianguan export everything`"),
        ("`lianguan import x --fully`", "README.md: there is no `lianguan import --fully`"),
        ("`lianguan export csv x`", "README.md: there is no `lianguan export csv`"),
        ("Look at `engine/recrod.py`.", "README.md: engine/recrod.py is not there"),
        ("`docs/decisions/*.md`", "README.md: docs/decisions/*.md is not there"),
    ],
)
def test_a_readme_that_names_what_is_not_there_is_told_what(
    repository: Path, said: str, answer: str
) -> None:
    write(repository, "README.md", said + "\n")
    assert wrong_in(repository) == [answer]


@pytest.mark.parametrize(
    "said",
    [
        "Make sure that `make test` passes; to make sense is not a target.",
        "`lianguan search 红楼梦`, `lianguan --help`, `lianguan explain A:1 B:2 --json`",
        "[elsewhere](https://example.org/docs/none.md), [above](#top)",
        "`var/catalogue/CURRENT` is made when something is imported.",
    ],
)
def test_what_is_right_or_elsewhere_is_left_alone(repository: Path, said: str) -> None:
    write(repository, "README.md", said + "\n")
    assert wrong_in(repository) == []


def test_a_module_that_grew_over_the_limit_is_named_with_its_length(repository: Path) -> None:
    write(repository, "src/lianguan/engine/merge.py", "a = 1\n" * (MOST_LINES + 1))
    assert wrong_in(repository) == ["src/lianguan/engine/merge.py: 401 lines, over 400"]


def test_a_folder_of_somebodys_machine_is_found_in_its_line(repository: Path) -> None:
    folder = "/" + "home/anna/books"
    write(repository, "demo/build.py", f'"""Builds."""\n\nFROM = "{folder}"\n')
    assert wrong_in(repository) == ["demo/build.py:3: a path of one machine"]


def test_commands_are_those_of_the_command_line_itself() -> None:
    assert {"", "import", "doctor", "export", "export sources"} <= commands().keys()
    assert {"--library", "--dry-run", "--help"} <= commands()["import"]


def test_everything_holds_in_this_repository() -> None:
    assert wrong_in(ROOT) == []
