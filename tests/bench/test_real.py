"""The comparison with the peers: what counts as a difference, and what kind it is."""

import shutil
from pathlib import Path

import pytest

from bench import real, real_report
from bench.peers import PeerField, PeerRecord
from bench.real_aspects import MARC21, UNIMARC, Aspect, _left_over, valid_isbns
from bench.real_compare import compare
from bench.real_fetch import NotFetched
from bench.real_kinds import KINDS, Difference
from bench.real_look import verdicts
from bench.real_members import MEMBERS, Member
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.findings import NO_RULE, Rule
from lianguan.engine.record import Record
from tests.making import iso2709, marc21, source, xml

needs_yaz = pytest.mark.skipif(not shutil.which("yaz-marcdump"), reason="yaz-marcdump is missing")

LINES = "001 a1 | 008 990802s1999    mauab    b    001 0 eng   | 020   $a020161622X (pbk.) | 245 10$aThe pragmatic programmer :$bsub /$cX. | 100 1 $aHunt, Andrew,$d1964- | 700 1 $aWork,$tTitle"


@needs_yaz
@pytest.mark.parametrize("name", ["a.mrc", "a.xml"])
def test_a_sound_record_is_read_as_the_peers_read_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    made = [source(LINES), source("001 a2 | 245 10$aÉté /")]
    path.write_bytes(xml(made) if name == "a.xml" else b"".join(map(iso2709, made)))
    found = next(compare(Member("A", "A", ("*",)), path))
    assert found.tally.read == {"us": 2, "pymarc": 2, "yaz": 2}
    assert not found.tally.kinds
    assert found.tally.compared["pymarc", "ISBN"] == 2


@needs_yaz
def test_a_leader_that_lies_is_a_difference_with_that_name(tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(
        marc21("001 a1 | 245 10$aДом в Хамовниках /", "utf-8").replace(b"am a22", b"am  22")
    )
    found = next(compare(Member("A", "A", ("*",)), path))
    assert {kind for _, _, kind in found.tally.kinds} == {"encoding not as claimed"}


def difference(aspect: Aspect, ours: list[str], theirs: list[str], rules: Rule = NO_RULE) -> str:
    read = Read(0, 1, b"", Record(number="1"), rules, "utf-8")
    return Difference("f", "pymarc", aspect, ours, theirs, read, PeerRecord("00000nam a")).kind.name


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (["Été"], ["E\u0301te\u0301"], "Unicode form"),
        (["I\u0361Uriĭ"], ["I\ufe20U\ufe21riĭ"], "ligature marks"),
        (["سعد زغلول"], ["سعد زغلول :\u202a"], "controls and line breaks"),
        (["Title"], ["Title : sub"], "ISBD signs in $a"),
        (["Title"], ["Other"], "unexplained"),
    ],
)
def test_kinds_of_differences(ours: list[str], theirs: list[str], kind: str) -> None:
    assert difference(MARC21[0], ours, theirs) == kind


def test_a_year_of_which_digits_are_missing_is_a_kind_of_its_own() -> None:
    assert difference(MARC21[2], ["1900"], ["19uu"]) == "unknown digits of a year"
    assert difference(MARC21[2], ["1900"], ["1985"]) == "unexplained"


def test_valid_isbns_are_those_of_stdnum() -> None:
    said = ["7-02-000220-X (精装)", "0416345409:", "9787020002208", "ISBN"]
    assert valid_isbns(said) == ["9780416345407", "9787020002207"]


def test_names_of_a_cell_may_stand_around_brackets() -> None:
    assert _left_over(["马克思", "著", "德"], ["(德)马克思(Marx)著"]) == ([], ["Marx"])
    assert _left_over(["别人"], ["马克思"]) == (["别人"], ["马克思"])


def test_peers_fields_are_found_under_the_field_they_repeat() -> None:
    peer = PeerRecord("", (
        PeerField("245", "", (("a", "Spiel =\u0020"),)),
        PeerField("880", "", (("6", "245-01/$1"), ("a", "红楼梦 /"))),
        PeerField("200", "", (("a", "题名"),)),
    ))  # fmt: skip
    assert MARC21[0].theirs(peer) == ["Spiel", "红楼梦"]
    assert UNIMARC[0].theirs(peer) == ["题名"]


def test_a_document_is_renewed_between_its_marks_only(tmp_path: Path) -> None:
    document = tmp_path / "d.md"
    document.write_text("before\n<!-- a -->\nold\n<!-- end of a -->\nafter\n", "utf-8")
    real_report.renew(document, "a", real_report.table("x | y", [("|", 1000)]))
    assert document.read_text("utf-8") == (
        "before\n<!-- a -->\n| x | y |\n| --- | --: |\n| \\| | 1,000 |\n<!-- end of a -->\nafter\n"
    )
    with pytest.raises(ValueError, match="lacks <!-- b -->"):
        real_report.renew(document, "b", "")


def test_each_table_has_its_place_in_the_document() -> None:
    document = (Path(__file__).parents[2] / "docs/real-input.md").read_text("utf-8")
    tables = ("reading", "set aside though readable", "alike", "kinds", "loading", "queries",
              "exports", "looked")  # fmt: skip
    assert all(f"<!-- {name} -->" in document for name in tables)
    assert all(f"<!-- end of {name} -->" in document for name in tables)


def test_four_hundred_records_were_looked_at() -> None:
    said = verdicts()
    assert len(said) == 400
    assert {one.verdict for one in said} == {"right", "wrong", "cannot tell"}
    assert {one.library for one in said} <= {member.code for member in MEMBERS}


def test_without_records_and_network_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: object) -> object:
        raise NotFetched("https://example.org/a.mrc could not be fetched (no network).")

    monkeypatch.setattr(real, "fetch_all", none)
    assert real.main(["--from", str(tmp_path / "none"), "--work", str(tmp_path)]) == 1
    assert "could not be fetched" in capsys.readouterr().err


def test_kinds_have_names_of_their_own_and_reasons() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(kind.why for kind in KINDS[:-1])
