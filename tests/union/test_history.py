"""The catalogue is a function of its log: whatever order, whatever was cut short, whatever was
taken back, a rebuild gives the same."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianguan.engine.match.block import CAP
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import build, database, generations, room
from lianguan.engine.union.database import building
from lianguan.engine.union.loading import Loaded
from tests.union.drill import lose
from tests.union.hub import Hub, book

TITLES = ("平凡的世界", "平凡的世界（上）", "平凡的世界（下）", "人生", "世界")
ISBNS = ("", "9787020049295", "9787532742349", "7-02-004929-X")


@st.composite
def books(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """(library, number, record) of a book out of a small world in which much is alike."""
    number = str(draw(st.integers(1, 4)))
    said = {
        "title": draw(st.sampled_from(TITLES)),
        "agent": draw(st.sampled_from(("路遥", "路遙", "王小满"))),
        "year": draw(st.sampled_from(("2004", "2005", "2012"))),
        "isbn": draw(st.sampled_from(ISBNS)),
    }
    data = bytearray(book(number, **said))
    if draw(st.integers(0, 7)) == 0:
        data[5:6] = b"d"
    return draw(st.sampled_from(("JN", "HB", "GC"))), number, bytes(data)


def hub_in(folder: str) -> Hub:
    return Hub(Path(folder))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(books(), min_size=2, max_size=9))
def test_one_by_one_gives_what_a_rebuild_gives(came: list[tuple[str, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        hub = hub_in(folder)
        for library, _, data in came:
            hub.send(library, data)
        before = hub.everything()
        found = hub.together()
        hub.rebuild()
        assert hub.everything() == before
        assert hub.together() == found


def test_a_title_that_becomes_common_and_rare_again_is_matched_as_ever(hub: Hub) -> None:
    """Above the cap a key is refined; what then cannot match must come apart, what could
    before must come together again when the crowd has gone."""
    pair = [book("1", title="诗选", year="2004"), book("2", title="诗选", year="2004")]
    hub.send("JN", pair[0])
    hub.send("HB", pair[1])
    assert frozenset({"JN:1", "HB:2"}) in hub.together()
    crowd = [
        book(f"c{n}", title="诗选", agent=f"诗人{chr(0x4E00 + 37 * n)}", year=str(1900 + n % 80))
        for n in range(CAP + 5)
    ]
    hub.send("GC", b"".join(crowd))
    crowded = hub.together()
    hub.rebuild()
    assert hub.together() == crowded
    assert frozenset({"JN:1", "HB:2"}) in crowded
    hub.send("GC", crowd[0], is_full=True, may_delete=True)
    thin = hub.together()
    hub.rebuild()
    assert hub.together() == thin


def test_an_isbn_that_turns_out_to_be_shared_no_longer_joins_on_its_own(hub: Hub) -> None:
    isbn = ISBNS[1]
    hub.send("JN", book("1", title="中国通史", agent="白寿彝", year="", publisher="", isbn=isbn))
    hub.send("HB", book("2", title="中国通史", agent="", year="", publisher="", isbn=isbn))
    assert len(hub.together()) == 1
    hub.send("GC", book("3", title="世界地图集", agent="", year="", publisher="", isbn=isbn))
    assert len(hub.together()) == 3
    hub.rebuild()
    assert len(hub.together()) == 3


def test_an_import_taken_back_leaves_what_was_there_without_it(hub: Hub) -> None:
    hub.send("JN", book("1") + book("2", title="人生"))
    before = hub.entries()
    second = hub.send("JN", book("1", title="世界") + book("3", title="早晨"))
    hub.withdraw(second)
    assert hub.entries() == before
    with hub.catalogue() as catalogue:
        assert catalogue.search("早晨").total == 0
        assert catalogue.search("平凡的世界").total == 1
    was = hub.everything()
    hub.rebuild()
    assert hub.everything() == was


def test_what_was_taken_back_can_come_again(hub: Hub) -> None:
    first = hub.send("JN", book("1"))
    hub.withdraw(first)
    assert hub.entries() == {}
    again = hub.send("JN", book("1"))
    assert again.new == 1
    was = hub.everything()
    hub.rebuild()
    assert hub.everything() == was


def test_copies_taken_back_are_gone_and_the_copies_before_are_back(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("JN", "记录号,条码\n1,A\n".encode(), name="items.csv")
    second = hub.send("JN", "记录号,条码\n1,B\n".encode(), name="items.csv")
    hub.withdraw(second)
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:1"))
        assert view is not None
        assert [held.holding.barcodes for held in view.shown.holdings] == [("A",)]


def test_a_load_that_was_cut_short_is_done_by_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    hub.send("JN", book("1"))
    with monkeypatch.context() as broken:
        broken.setattr(build, "write_entries", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", book("2", title="人生"))
    assert set(hub.entries()) == {"JN:1"}
    hub.send("HB", book("9", title="世界"))
    assert set(hub.entries()) == {"JN:1", "JN:2", "HB:9"}
    was = hub.everything()
    hub.rebuild()
    assert hub.everything() == was


def test_an_index_that_was_cut_short_is_written_by_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*said: Any) -> None:
        raise KeyboardInterrupt

    hub.send("HB", book("8", title="人生"))
    with monkeypatch.context() as broken:
        broken.setattr(SearchIndex, "write", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", book("1"))
    hub.send("HB", book("9", title="世界"))
    assert_found(hub, 3)


def assert_found(hub: Hub, count: int) -> None:
    """Every entry is found by its own title, and there are so many."""
    with hub.catalogue() as catalogue:
        found = catalogue.search("", limit=1000)
        assert found.total == count == catalogue.size()[1]
        for hit in found.hits:
            assert hit.entry in {one.entry for one in catalogue.search(hit.title).hits}


@pytest.mark.parametrize("way", ["deleted", "of another day", "broken", "not marked", "later"])
def test_an_index_that_is_not_the_catalogues_is_made_again(hub: Hub, way: str) -> None:
    hub.send("JN", book("1") + book("2", title="人生"))
    index = hub.folder() / "index"
    shutil.copytree(index, hub.inbox / "yesterday")
    hub.send("JN", book("1", title="平凡的一天") + book("3", title="世界"))
    hub.send("JN", book("4", title="故乡"))
    if way == "later":
        (index / "GENERATION").write_text("99")
    elif way == "not marked":
        (index / "GENERATION").unlink()
    elif way == "broken":
        (index / "meta.json").write_text("{")
    else:
        lose(hub, index)
    if way == "of another day":
        shutil.copytree(hub.inbox / "yesterday", index)
    hub.send("HB", book("9", title="青海湖"))
    assert_found(hub, 5)
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before


def test_killed_again_and_again_an_import_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """kill -9 at chance moments, then the same command once more."""
    many = b"".join(book(str(n), title=f"第{n}种书") for n in range(3000))
    (tmp_path / "many.mrc").write_bytes(many)
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    assert _import(clean, tmp_path / "many.mrc").wait() == 0
    chance = random.Random(7)
    for _ in range(4):
        process = _import(killed, tmp_path / "many.mrc")
        time.sleep(chance.uniform(0.3, 1.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _import(killed, tmp_path / "many.mrc").wait() == 0
    said = [_said(folder) for folder in (clean, killed)]
    assert said[0] == said[1]
    assert said[0]["total"] == 3000


def _import(root: Path, path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "lianguan", "import", str(path), "--library", "JN", "--json"],
        env=os.environ | {"LIANGUAN_DATA": str(root)},
        stdout=subprocess.DEVNULL,
    )


def _said(root: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "lianguan", "search", "种书", "--json"],
        env=os.environ | {"LIANGUAN_DATA": str(root)},
        capture_output=True,
        check=True,
    )
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_the_old_catalogue_is_in_use_until_the_new_one_is_whole(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    hub.send("JN", book("1"))
    before = hub.everything()
    with monkeypatch.context() as broken:
        broken.setattr(build, "write_entries", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.rebuild()
    assert hub.everything() == before
    hub.rebuild()
    assert hub.everything() == before


def test_a_catalogue_that_was_thrown_away_comes_back_from_the_sources(hub: Hub) -> None:
    hub.send("JN", book("1"))
    before = hub.everything()
    lose(hub, hub.root / "catalogue")
    hub.rebuild()
    assert hub.everything() == before


def test_a_disk_without_room_is_told_before_anything_begins(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "FREE_FOR_BUILD", 1 << 60)
    with pytest.raises(Refused, match="disk_full"):
        hub.send("JN", book("1"))
    with building(hub.root, "nobody"):
        assert not list((hub.root / "sources").glob("*/0*"))


def test_a_load_reports_how_long_it_took_and_how_much_there_is(hub: Hub) -> None:
    loaded: Loaded = hub.send("JN", book("1"))
    assert loaded.seconds > 0
    assert (loaded.entries, loaded.works, loaded.read) == (1, 1, 1)


def test_a_catalogue_that_other_rules_made_is_built_again_before_the_next_load(hub: Hub) -> None:
    hub.send("JN", book("1"))
    before = hub.everything()
    folder = generations.current(hub.root)
    assert folder
    connection = database.connect(folder / "catalogue.sqlite", writing=True)
    connection.execute("UPDATE meta SET value = 'earlier' WHERE name = 'rules'")
    connection.close()
    hub.send("JN", book("1"))
    assert generations.current(hub.root) != folder
    assert hub.everything() == before


def test_a_catalogue_in_another_form_is_not_misread(hub: Hub) -> None:
    hub.send("JN", book("1"))
    folder = generations.current(hub.root)
    assert folder
    connection = database.connect(folder / "catalogue.sqlite", writing=True)
    connection.execute("UPDATE meta SET value = 'earlier' WHERE name = 'form'")
    connection.close()
    with pytest.raises(Refused, match="catalogue_old"):
        hub.catalogue()
    hub.rebuild()
    assert set(hub.entries()) == {"JN:1"}


@pytest.mark.parametrize("going", ["JN:1", "HB:9"])
def test_when_one_library_gives_a_book_up_the_search_no_longer_names_it(
    hub: Hub, going: str
) -> None:
    """Whichever of the two the entry is called by."""
    loads = {"JN:1": hub.send("JN", book("1")), "HB:9": hub.send("HB", book("9"))}
    assert len(hub.together()) == 1
    hub.withdraw(loads[going])
    staying = {"JN:1": "HB", "HB:9": "JN"}[going]
    with hub.catalogue() as catalogue:
        (hit,) = catalogue.search("平凡的世界").hits
        assert hit.libraries == (staying,)
