"""Another union store is given what our records are matched by."""

import csv
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lianguan.engine.match.block import coarse_keys
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.match.match_key import PIECES, match_key
from lianguan.engine.record import Record
from lianguan.engine.union import export
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.terms import MAY_BE_HIDDEN
from lianguan.site.command import app
from tests.union.hub import Hub, book

ISBN = "9787020049295"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "matching.md"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "keys.tsv"


def run(hub: Hub, *said: str) -> int:
    return (
        CliRunner().invoke(app, ["export", *said], env={"LIANGUAN_DATA": str(hub.root)}).exit_code
    )


def read(path: Path) -> dict[str, dict[str, str]]:
    """Record key → what the file says of it, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {f"{row['library']}:{row['record']}": row for row in rows}


def key(**said: str) -> str:
    """A key of these pieces."""
    usual = {"year": "2004", "edition": "1", "kind": "a", "carrier": "p"}
    return "".join((usual | said).get(p.name, "").ljust(p.width, "_") for p in PIECES)


def test_the_file_says_of_each_record_its_entry_and_its_keys(hub: Hub, out: Path) -> None:
    hub.send("JN", book("1", isbn=ISBN))
    hub.send("HB", book("9", extra="215   $a1251页"))
    assert run(hub, "keys", str(out)) == 0
    found = read(out)
    assert list(found) == ["HB:9", "JN:1"]
    assert {key: row["entry"] for key, row in found.items()} == hub.entries()
    assert len({row["entry"] for row in found.values()}) == 1
    assert found["JN:1"]["keys"].split("|") == [
        f"i:{ISBN}", "t:平凡的世界", "x:平凡的世:2004:a:路遥", "x:平凡的世:2004:p:人民文学",
    ]  # fmt: skip
    pieces = {"title": "平凡的世界", "publisher": "人民文学", "agent": "路遥"}
    assert found["JN:1"]["match_key"] == key(**pieces)
    assert found["HB:9"]["match_key"] == key(**pieces, pages="1251")


def test_a_key_that_was_given_out_stays_as_it_is() -> None:
    """If this fails, stores that keep our keys no longer find their records."""
    english = Features(
        titles=("beaver and political theories",), rest="a handbook", year=1987, pages=299,
        edition="2", publisher="hal leonard", content="text", agents=("zola e", "aspinall g"),
    )  # fmt: skip
    assert match_key(english) == (
        "beaverandpoliticaltheoriesahandbook___________________________________"
        "1987299_2__hallea________________________________________zolaep"
    )
    tibetan = Features(
        titles=("མཚོ་སྔོན",), parts=("1", "2"), own="རི", level="serial", carrier="electronic",
        content="text",
    )  # fmt: skip
    said = match_key(tibetan)
    assert said == "མཚོ་སྔོན".ljust(70, "_") + "0000____1_______s" + "རི".ljust(30, "_") + (
        "1.2____________e"
    )
    assert len(said) == len(match_key(english)) == sum(piece.width for piece in PIECES) == 133


def test_a_record_without_a_title_has_no_match_key() -> None:
    assert match_key(Features(year=2004, isbns=(ISBN,))) == ""


def test_the_document_tells_the_pieces_of_the_key() -> None:
    rows = re.findall(r"^\| (\d+)–?(\d*) \| (\w+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    first = 1
    expected = []
    for piece in PIECES:
        last = first + piece.width - 1
        expected.append((str(first), str(last) if piece.width > 1 else "", piece.name))
        first = last + 1
    assert rows == expected


def test_a_library_gets_its_own_and_one_that_does_not_export_is_left_out(
    hub: Hub, out: Path
) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("1"))
    change_terms(hub.root, "HB", TermsOrder(exported=False))
    run(hub, "keys", str(out))
    assert list(read(out)) == ["JN:1"]
    run(hub, "keys", str(out), "--library", "HB")
    assert list(read(out)) == ["HB:1"]
    assert run(hub, "keys", str(out), "--library", "XX") != 0
    assert list(read(out)) == ["HB:1"], "what stood there stands there"


def test_no_key_is_made_of_what_a_library_may_hide(hub: Hub) -> None:
    hub.send("JN", book("1", extra="300   $a附注 | 454   $tLife | 606 0 $a小说 | 905   $aJN$bX1"))
    with hub.catalogue() as opened:
        row = opened.connection.execute("SELECT kept FROM records").fetchone()
        whole = opened.packing.record(row["kept"])
    hidden = Record(**whole._asdict() | dict.fromkeys(MAY_BE_HIDDEN, ()))
    assert hidden != whole
    both = [features_of(one) for one in (whole, hidden)]
    assert len({(match_key(one), coarse_keys(one)) for one in both}) == 1


@pytest.mark.parametrize(("what", "broken"), [("keys", "match_key"), ("clusters", "work_name")])
def test_who_is_cut_short_leaves_no_half_file(
    hub: Hub, out: Path, monkeypatch: pytest.MonkeyPatch, what: str, broken: str
) -> None:
    hub.send("JN", book("1"), book("2", title="人生"))
    assert run(hub, what, str(out)) == 0
    before = out.read_bytes()
    calls: list[object] = []

    def stop(*said: object) -> str:
        calls.append(said)
        if len(calls) == 2:
            raise OSError("no room")
        return ""

    monkeypatch.setattr(export, broken, stop)
    assert run(hub, what, str(out)) != 0
    assert len(calls) == 2
    assert out.read_bytes() == before
