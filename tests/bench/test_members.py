"""The invented members: their records are sound and overlap as planned."""

import gzip
import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench import members, members_words
from bench.members_copies import SHARES, Forms
from bench.members_editions import Edition, editions
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.files import source_files
from lianguan.engine.read.findings import NO_RULE
from lianguan.engine.record import Record
from tests.making import marc21

COUNT = 3000
WORDS = "rivers of the plateau and pastures of the north in old books on travel and trade".split()
LINES = (
    "001 n{0} | 005 19990802120000.0 | 008 990802m19981999xxu           000 0 eng d "
    "| 010   $a   99000{0:03} | 035   $a(OCoLC)4{0} | 040   $aX "
    "| 100 1 $aFamily{0}, Given {0},$d1950- | 245 14$aThe {1} of {2} :$b{2} and {1} /$cby X. "
    "| 246 3 $aOther {1} | 260   $aXining :$bUniversity of {1} Press,$c1999. "
    "| 300   $a{0} p. ;$c23 cm. | 490 1 $aSeries {1} | 500   $aNote {0}. "
    "| 650  0$a{1}$zQinghai. | 650  0$a{2}. | 650  0$aLakes. | 700 1 $aSecond, Name. "
    "| 880 14$6245-01$aOther script | 949   $aLocal {0}"
)


def sets(folder: Path) -> Path:
    """Shared sets of our own making."""
    texts = [LINES.format(i, WORDS[i % 13], WORDS[i % 7]) for i in range(40)]
    serial = marc21(texts[0]).replace(b"nam a", b"nas a")
    files = {
        "marc/gpo/some.mrc.gz": b"".join([serial, *map(marc21, texts)]),
        members_words.SCHOOL: "id,title,author,publisher\n1,青海湖的鸟,王兰,青海人民出版社\n"
        "2,湖光山色：行记,李青山著,中华书局\n3,青海史,曹雪芹,民族出版社\n".encode("gb18030"),
        members_words.CHINESE_TITLES: "title_2026\ttitle_2017\n高原的河流\t\n\t山色\n".encode(),
        members_words.TIBETAN_WORKS: _lines({"titles": ["མདོ་སྨད་ཆོས་འབྱུང"]}, {"titles": []}),
        members_words.TIBETAN_PERSONS: _lines({"name": ["བསོད་ནམས"]}, {"name": [None]}),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(gzip.compress(content))
    return folder


def _lines(*values: object) -> bytes:
    return "\n".join(map(json.dumps, values)).encode()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sets(tmp_path_factory.mktemp("records"))


@pytest.fixture(scope="module")
def made(records: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return members.make(records, tmp_path_factory.mktemp("made"), COUNT)


def read(path: Path) -> list[Read]:
    return [found for file in source_files(path) for found in open_file(file).reads]


def truth(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.with_suffix(".tsv").read_text("ascii").splitlines()]


def described(records: Path) -> list[Edition]:
    world = members.world_of(records, COUNT)
    numbers = np.arange(world.plan.held)
    return editions(numbers, world.plan, world.words, len(world.donors))


def test_the_same_members_are_made_a_second_time(
    records: Path, made: dict[str, Path], tmp_path: Path
) -> None:
    again = members.make(records, tmp_path, COUNT)
    assert [path.read_bytes() for path in again.values()] == [
        path.read_bytes() for path in made.values()
    ]
    assert members.make(tmp_path / "not here", tmp_path, COUNT) == again


def test_every_record_is_read_without_a_repair_and_has_its_truth(made: dict[str, Path]) -> None:
    total = 0
    for code, path in made.items():
        reads = read(path)
        assert all(isinstance(one.what, Record) and one.rules == NO_RULE for one in reads)
        numbers = [one.what.number for one in reads if isinstance(one.what, Record)]
        assert [(library, number) for library, number, _, _ in truth(path)] == [
            (code, number) for number in numbers
        ]
        total += len(set(numbers))
    assert total == COUNT


def test_a_few_members_are_large_and_most_editions_are_in_one_of_them(
    made: dict[str, Path],
) -> None:
    held = [[edition for _, _, edition, _ in truth(path)] for path in made.values()]
    sizes = sorted(map(len, held))
    assert len(held) == 30
    assert len(held[0]) == sizes[-1]
    assert 5 < sizes[-1] / sizes[15] < 12
    copies = Counter(edition for editions in held for edition in editions)
    assert 2 < COUNT / len(copies) < 2.4
    assert 0.6 < sum(n == 1 for n in copies.values()) / len(copies) < 0.7
    assert max(copies.values()) > 15
    assert 0 < COUNT - sum(len(set(editions)) for editions in held) < COUNT / 100


def test_one_edition_in_eight_is_another_one_of_a_book_that_is_there(records: Path) -> None:
    works = defaultdict(list)
    for edition in described(records):
        works[edition.work].append(edition)
    further = sum(len(found) - 1 for found in works.values())
    assert 0.1 < further / sum(map(len, works.values())) < 0.14
    for found in works.values():
        assert len({(one.title, one.author) for one in found}) == 1
        differ = [(one.year, one.volume, one.statement) for one in found]
        assert len(set(differ)) == len(differ)


def test_volumes_of_some_sets_share_an_isbn_and_no_other_books_do(records: Path) -> None:
    bearers = defaultdict(list)
    for edition in described(records):
        if edition.isbn:
            bearers[edition.isbn].append(edition)
    shared = [found for found in bearers.values() if len(found) > 1]
    assert shared
    assert all(one.volume for found in shared for one in found)
    assert all(len({one.work for one in found}) == 1 for found in shared)


def test_titles_are_english_chinese_and_tibetan(records: Path) -> None:
    languages = Counter(edition.language for edition in described(records))
    shares = [languages[i] / sum(languages.values()) for i in range(3)]
    assert shares == pytest.approx([0.55, 0.40, 0.05], abs=0.03)


def test_nothing_is_left_that_names_the_edition_a_real_record_was_of(made: dict[str, Path]) -> None:
    for one in read(made["M01"]):
        assert isinstance(one.what, Record)
        assert len(one.what.titles) == 1
        assert {i.scheme for i in one.what.identifiers} <= {"isbn", "oclc"}
        assert all(i.valid for i in one.what.identifiers)
    assert b"Other" not in made["M01"].read_bytes()
    assert b"$aSeries".replace(b"$", b"\x1f") in made["M01"].read_bytes()


def test_an_isbn_is_the_same_in_all_its_forms(made: dict[str, Path]) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for path in made.values():
        lines = truth(path)
        for one, (_, _, edition, _) in zip(read(path), lines, strict=True):
            assert isinstance(one.what, Record)
            said[edition].update(i.value for i in one.what.identified("isbn"))
    assert max(len(values) for values in said.values()) == 1


def test_a_nightly_delta_has_changed_unchanged_and_new_records(
    made: dict[str, Path], tmp_path: Path
) -> None:
    path = members.delta(made, tmp_path, 300)
    reads = read(path)
    assert len(reads) == 300
    assert all(isinstance(one.what, Record) and one.rules == NO_RULE for one in reads)
    numbers = [one.what.number for one in reads if isinstance(one.what, Record)]
    assert all(a < b for a, b in pairwise(numbers))
    before = {one.what.number: one.raw for one in read(made["M01"]) if isinstance(one.what, Record)}
    kinds = Counter(
        "new" if number not in before else "same" if before[number] == one.raw else "changed"
        for number, one in zip(numbers, reads, strict=True)
    )
    assert kinds == {"new": 90, "same": 30, "changed": 180}
    arrived = [edition for _, _, edition, _ in truth(made["M01"].with_name("arrivals.mrc"))][:90]
    others = {edition for path in made.values() for _, _, edition, _ in truth(path)}
    own = {edition for _, _, edition, _ in truth(made["M01"])}
    assert sum(edition in others for edition in arrived) == 60
    assert own.isdisjoint(arrived)


def test_a_delta_that_is_too_large_is_refused(made: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"arrivals\.mrc has 100 records, not 150"):
        members.delta(made, tmp_path, 500)
    assert not list(tmp_path.iterdir())


def test_without_records_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        members.make(tmp_path / "none", tmp_path, 10)
    assert not (tmp_path / "members-10").exists()


def test_each_form_has_its_share() -> None:
    assert (*SHARES, "place") == Forms._fields
    assert all(sum(shares.values()) == 100 for shares in SHARES.values())
