"""What a member does not let out stays in, by every way that leads out."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import django
import pytest
from django.conf import settings
from django.test import Client
from typer.testing import CliRunner

from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.importing import Order, receive_files
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.terms import Terms
from lianguan.site.command import app
from scripts.check_documents import commands
from tests.union.hub import Hub, book

ISBN = "9787020049295"
OWN = "330   $a这是海北自己写的提要 | 345   $a青海书店 | 905   $aHB$bHBBAR77$cHBROOM"
SHARED = f"215   $a777页 | 010   $a{ISBN}$dCNY77.00 | {OWN}"
OTHER = "215   $a555页 | 905   $aJN$bJNBAR$cJNROOM"


class Office(NamedTuple):
    """A hub, a reader of its pages, and somebody at its command line."""

    hub: Hub
    reader: Client
    folder: Path

    def run(self, *words: str | Path) -> str:
        """What a command prints, whether it does what it is asked or refuses."""
        said = {"LIANGUAN_DATA": str(self.hub.root)}
        return CliRunner().invoke(app, [*map(str, words)], env=said).output

    def file(self, *words: str) -> str:
        """What a command writes to a file."""
        path = self.folder / "out"
        path.unlink(missing_ok=True)
        self.run(*words[:2], path, *words[2:])
        return path.read_text("utf-8-sig") if path.exists() else ""

    def page(self, address: str) -> str:
        return self.reader.get(address, follow=True).content.decode()

    def entry(self, key: str) -> str:
        """The address of a record's entry, whatever its member's terms."""
        return self.hub.entries()[key]


@pytest.fixture(scope="module")
def pages() -> None:
    """Django, set up once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
    django.setup()


@pytest.fixture
def office(tmp_path: Path, pages: None) -> Iterator[Office]:
    """Two libraries with one book in common, and Haibei with another of the same work and one
    that nobody else has."""
    hub = Hub(tmp_path)
    before, settings.DATA = settings.DATA, hub.root
    hub.send("JN", book("1", isbn=ISBN, extra=OTHER) + book("3", title="人生"))
    hub.send(
        "HB",
        book("HBNUM1", extra=SHARED)
        + book("HBNUM2", publisher="青海人民出版社", year="1999", extra="905   $aHB$bHBBAR78")
        + book("HBNUM3", title="海北独有之书", extra="905   $aHB$bHBBAR79"),
    )
    yield Office(hub, Client(), tmp_path)
    settings.DATA = before


def looked_over(office: Office) -> str:
    """What is worth a look, once Haibei has catalogued a book of its own twice."""
    office.hub.send("HB", book("HBNUM4", title="海北独有之书", extra="905   $aHB$bHBBAR80"))
    return office.run("matching") + office.run("matching", "--json")


SEEN: dict[str, Callable[[Office], str]] = {
    "the first page": lambda o: o.page("/"),
    "search": lambda o: o.page("/search") + o.page("/search?q=海北独有之书"),
    "an entry": lambda o: o.page(f"/e/{o.entry('JN:1')}"),
    "an entry of its own": lambda o: o.page(f"/e/{o.entry('HB:HBNUM3')}"),
    "a record": lambda o: o.page("/r/HB/HBNUM1"),
    "lianguan search": lambda o: o.run("search", "平凡的世界", "--json"),
    "lianguan show": lambda o: o.run("show", "JN:1") + o.run("show", "JN:1", "--json"),
    "lianguan show of its own": lambda o: o.run("show", "HB:HBNUM3", "--json"),
    "lianguan explain": lambda o: o.run("explain", "JN:1", "HB:HBNUM1", "--json"),
    "lianguan matching": looked_over,
}
"""Ways by which a record is seen."""

LEAVES: dict[str, Callable[[Office], str]] = {
    "lianguan export records": lambda o: o.file("export", "records"),
    "lianguan export records as MARCXML": lambda o: o.file("export", "records", "--format=marcxml"),
    "lianguan export records as a table": lambda o: o.file("export", "records", "--format=csv"),
    "lianguan export enriched": lambda o: o.file("export", "enriched", "--library=JN"),
    "lianguan export enriched as MARCXML": lambda o: o.file(
        "export", "enriched", "--library=JN", "--format=marcxml"
    ),
    "lianguan export enriched as a table": lambda o: o.file(
        "export", "enriched", "--library=JN", "--format=csv"
    ),
    "lianguan differences": lambda o: o.run("differences", "--library=JN", "--json"),
    "lianguan export clusters": lambda o: o.file("export", "clusters"),
    "lianguan export keys": lambda o: o.file("export", "keys"),
}
"""Ways by which a record leaves for others."""

WAYS = {**SEEN, **LEAVES}

NOT_OF_RECORDS = {
    "", "import", "match", "imports", "withdraw", "rebuild", "doctor", "serve", "terms",
    "export sources",
    "duplicates", "backup", "decide", "leave", "restore", "upgrade",
    "staff", "staff add", "staff list", "staff password",
}  # fmt: skip
"""Commands that give nobody another's records: they count, or give a member its own."""

MARKS = (
    "777页",
    "HBNUM",
    "HBBAR",
    "HBROOM",
    "海北自己写的提要",
    "青海书店",
    "77.00",
    "海北独有之书",
)
SECRET = ("77.00", "青海书店", "海北自己写的提要", "HBBAR")
HIDDEN = "price,supplier,330,905$b"


def test_every_command_that_gives_records_is_walked() -> None:
    walked = {
        command
        for command in commands()
        if command and any(f"{way} ".startswith(f"lianguan {command} ") for way in WAYS)
    }
    assert set(commands()) - walked == NOT_OF_RECORDS


@pytest.mark.parametrize("way", SEEN)
def test_what_is_not_shown_is_seen_nowhere(office: Office, way: str) -> None:
    change_terms(office.hub.root, "HB", TermsOrder(shown=False))
    there = SEEN[way](office).replace(office.entry("HB:HBNUM3"), "")
    asked = there.replace("“海北独有之书”", "").replace('value="海北独有之书"', "")
    asked = asked.replace("<title>海北独有之书", "")
    asked = re.sub(r"/r/HB/HBNUM1|HB:HBNUM\d", "", asked)
    assert not re.search(r"\bHB\b", asked)
    assert [mark for mark in (*MARKS, "levels") if mark in asked] == []


@pytest.mark.parametrize("way", SEEN)
def test_what_is_shown_is_seen(office: Office, way: str) -> None:
    assert any(mark in SEEN[way](office) for mark in (*MARKS, "levels", "HB"))


@pytest.mark.parametrize("way", LEAVES)
def test_what_is_not_exported_leaves_by_no_way(office: Office, way: str) -> None:
    assert any(mark in LEAVES[way](office) for mark in MARKS)
    change_terms(office.hub.root, "HB", TermsOrder(exported=False))
    there = LEAVES[way](office)
    assert "JN" in there or way == "lianguan differences"
    assert [mark for mark in MARKS if mark in there] == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_hidden_is_on_no_way(office: Office, way: str) -> None:
    change_terms(office.hub.root, "HB", TermsOrder(hide=HIDDEN))
    there = WAYS[way](office)
    assert there
    assert [mark for mark in SECRET if mark in there] == []


def test_hidden_fields_were_to_be_seen_before(office: Office) -> None:
    everything = "".join(way(office) for way in WAYS.values())
    assert [mark for mark in SECRET if mark not in everything] == []


def test_a_member_that_is_not_shown_counts_for_nothing(office: Office) -> None:
    assert "由各馆 5 条记录合并而成" in office.page("/")
    change_terms(office.hub.root, "HB", TermsOrder(shown=False))
    page = office.page("/")
    assert "由各馆 2 条记录合并而成" in page
    assert "海北" not in page.partition("</section>")[2]
    assert json.loads(office.run("search", "", "--json"))["facets"]["library"] == {"JN": 2}
    assert office.reader.get(f"/e/{office.entry('HB:HBNUM3')}").status_code == 410
    assert office.reader.get("/r/HB/HBNUM3").status_code == 404
    assert "✗" not in office.run("doctor")


def test_a_rebuild_gives_the_same_and_yes_brings_all_back(office: Office) -> None:
    before = office.run("search", "", "--json")
    change_terms(office.hub.root, "HB", TermsOrder(shown=False))
    without = office.run("search", "", "--json")
    office.hub.rebuild()
    assert office.run("search", "", "--json") == without != before
    change_terms(office.hub.root, "HB", TermsOrder(shown=True))
    assert office.run("search", "", "--json") == before


def test_a_member_that_exports_nothing_still_fetches_all_of_its_own(office: Office) -> None:
    whole = office.file("export", "records", "--library=HB")
    change_terms(office.hub.root, "HB", TermsOrder(False, False, False, HIDDEN))
    assert office.file("export", "records", "--library=HB") == whole
    assert "CNY77.00" in whole


def test_a_record_in_gb18030_leaves_in_gb18030_without_its_price(office: Office) -> None:
    office.hub.send("GC", book("G1", title="草原", extra="010   $a7-5327-0001-0$d9.90元"))
    raw = book("G2", title="雪山", extra="010   $a7-5327-0002-9$d8.80元").decode()
    office.hub.send("GC", _as_gb18030(raw))
    change_terms(office.hub.root, "GC", TermsOrder(hide="price"))
    path = office.folder / "out.mrc"
    office.run("export", "records", path)
    data = path.read_bytes()
    assert "雪山".encode("gb18030") in data
    assert "元".encode("gb18030") not in data
    assert b"8.80" not in data
    assert b"9.90" not in data
    assert b"7-5327-0002-9" in data


def _as_gb18030(record: str) -> bytes:
    from lianguan.engine.read.iso2709 import sound_fields
    from lianguan.engine.union.formats import framed

    fields = sound_fields(record.encode()) or []
    made = framed(record.encode()[:24], [(t, d.decode().encode("gb18030")) for t, d in fields])
    assert made
    return made


def test_terms_are_said_asked_and_kept_through_deliveries(office: Office) -> None:
    said = json.loads(
        office.run("terms", "-l", "HB", "--shown", "no", "--hide", "905$be", "--json")
    )
    assert (said["shown"], said["exported"], said["hidden"]) == (False, True, ["905$b", "905$e"])
    office.hub.send("HB", book("HBNUM4", title="又一种"))
    assert json.loads(office.run("terms", "-l", "HB", "--json")) == said
    assert "HBNUM4" not in office.run("search", "又一种", "--json")
    assert Sources(office.hub.root / "sources").imports("HB")[-1].profile.terms.shown
    assert "yes" in office.run("terms", "-l", "HB", "--shown", "perhaps")


def test_a_member_says_its_terms_before_it_sends_anything(office: Office, tmp_path: Path) -> None:
    change_terms(tmp_path / "new", "GC", TermsOrder(shown=False))
    assert not Sources(tmp_path / "new" / "sources").profile("GC").terms.shown
    change_terms(office.hub.root, "GC", TermsOrder(shown=False))
    office.hub.send("GC", book("G1", title="刚察的书"))
    assert json.loads(office.run("search", "刚察的书", "--json"))["total"] == 0


@pytest.mark.parametrize("field", ["200", "200$f", "010$a", "010", "001", "701", "210$c", "售价"])
def test_what_tells_which_book_it_is_cannot_be_hidden_alone(office: Office, field: str) -> None:
    assert "✗" in office.run("terms", "-l", "HB", "--hide", field)
    assert not Sources(office.hub.root / "sources").profile("HB").terms.hidden


def test_a_column_of_a_table_is_hidden(office: Office) -> None:
    table = "书名,著者,条码,单价,供货商\n草原之书,扎西,G1,12.34,某某书店\n"
    office.hub.send("GC", table.encode(), name="x.csv")
    shown = office.run("show", f"GC:{_number(office)}", "--json")
    assert "12.34" in shown
    assert "某某书店" in shown
    change_terms(office.hub.root, "GC", TermsOrder(hide="price,供货商"))
    shown = office.run("show", f"GC:{_number(office)}", "--json")
    assert "草原之书" in shown
    assert "12.34" not in shown
    assert "某某书店" not in shown


def _number(office: Office) -> str:
    return next(key for key in office.hub.entries() if key.startswith("GC:"))[3:]


def test_who_may_be_harvested_is_one_question(office: Office) -> None:
    sources = Sources(office.hub.root / "sources")
    assert sources.harvested() == ("HB", "JN")
    change_terms(office.hub.root, "HB", TermsOrder(harvested=False))
    assert sources.harvested() == ("JN",)


def test_what_is_cut_short_is_finished_by_the_next_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianguan.engine.union import build, indexing

    whole = indexing.bring_up
    done: list[str] = []

    def power_cut(*said: object) -> None:
        done.append("ready" if not done else "cut")
        if done[-1] == "cut":
            raise KeyboardInterrupt
        whole(*said)  # type: ignore[arg-type]

    with monkeypatch.context() as broken, suppress(KeyboardInterrupt):
        broken.setattr(build, "bring_up", power_cut)
        change_terms(office.hub.root, "HB", TermsOrder(shown=False))
    assert done == ["ready", "cut"]
    assert "✗" in office.run("doctor")
    office.hub.send("JN", book("9", title="新书"))
    assert json.loads(office.run("search", "海北独有之书", "--json"))["total"] == 0
    assert "✗" not in office.run("doctor")


def test_terms_said_while_a_delivery_waits_hold_when_it_is_loaded(office: Office) -> None:
    path = office.folder / "late.mrc"
    path.write_bytes(book("HBNUM5", title="迟到的书"))
    receive_files(office.hub.root, [path], Order("HB"))
    sources = Sources(office.hub.root / "sources")
    sources.keep_profile("HB", replace(sources.profile("HB"), terms=Terms(shown=False)))
    office.hub.send("JN", book("9", title="新书"))
    assert "HB:HBNUM5" in office.hub.entries()
    assert json.loads(office.run("terms", "-l", "HB", "--json"))["shown"] is False
    assert json.loads(office.run("search", "迟到的书", "--json"))["total"] == 0


def test_a_librarian_decides_on_records_that_are_not_shown_too(office: Office) -> None:
    change_terms(office.hub.root, "HB", TermsOrder(shown=False))
    office.run("decide", "JN:1", "HB:HBNUM1", "different")
    assert office.entry("JN:1") != office.entry("HB:HBNUM1")
