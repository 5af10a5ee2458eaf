"""Zebra as a peer: what it has indexed is found again."""

from pathlib import Path

import pytest

from bench import zebra
from bench.timing import NotMeasured
from tests.making import marc21

pytestmark = pytest.mark.skipif(not zebra.is_here(), reason="Zebra (zebraidx, zoomsh) is missing")

LINES = (
    "001 n{0} | 008 990802s{1}    xxu           000 0 eng d | 020   $a{2} "
    "| 100 1 $aWang, Lan. | 245 10$aLakes {0} of the plateau :$b{3}. | 650  0$aRivers."
)


def book(number: int) -> bytes:
    year = 2001 if number % 10 else 1987
    isbn = "9787020002207" if number == 7 else ""
    title = "青海湖志" if number % 4 else "མཚོ་སྔོན་པོའི་ལོ་རྒྱུས"
    return marc21(LINES.format(number, year, isbn, title))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, zebra.Indexed]:
    folder = tmp_path_factory.mktemp("zebra")
    files = [folder / "a.mrc", folder / "b.mrc"]
    for i, path in enumerate(files):
        path.write_bytes(b"".join(map(book, range(500 * i, 500 * i + 500))))
    return folder / "index", zebra.index(files, folder / "index")


def test_every_record_of_every_file_is_indexed(indexed: tuple[Path, zebra.Indexed]) -> None:
    folder, result = indexed
    assert result.timing.records == 1000
    assert result.timing.seconds > 0
    assert result.size > 100_000


@pytest.mark.parametrize(
    ("field", "query", "hits"),
    [
        ("any", "lakes", 1000),
        ("title", "lakes 731", 1),
        ("title", "青海湖", 750),
        ("title", "湖海", 0),
        ("title", "ལོ་རྒྱུས", 250),
        ("author", "wang", 1000),
        ("author", "lakes", 0),
        ("subject", "rivers", 1000),
        ("isbn", "9787020002207", 1),
        ("year", "1987", 100),
    ],
)
def test_what_was_indexed_is_found_by_field(
    indexed: tuple[Path, zebra.Indexed], field: str, query: str, hits: int
) -> None:
    assert zebra.search(indexed[0], query, field) == hits


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=r"not here: none\.mrc"):
        zebra.index([tmp_path / "none.mrc"], tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_file_without_records_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "none.mrc").write_bytes(b"")
    with pytest.raises(NotMeasured, match="indexed nothing"):
        zebra.index([tmp_path / "none.mrc"], tmp_path / "index")
