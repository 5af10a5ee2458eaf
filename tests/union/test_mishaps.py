"""What goes wrong stays small: a field, a delivery, a kill, and nothing after it is held up."""

from pathlib import Path

import pytest

from lianguan.engine.mapping import opened, table
from lianguan.engine.mapping.one import map_one
from lianguan.engine.mapping.rows import Table, every, row
from lianguan.engine.match.cluster import pair
from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.findings import Refused, Rule
from lianguan.engine.union import build, generations
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.loading import Load
from lianguan.engine.union.taking_back import rebuild_all
from tests.making import source
from tests.union.hub import Hub, book


def power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_field_that_nobody_foresaw_gives_no_value_and_a_named_repair() -> None:
    table = Table("x", (row("number", "001", str.strip), row("notes", "300$a", int, every)))
    decoder = Decoder()
    record = map_one(source("001 7 | 300   $anot a number"), table, decoder)
    assert (record.number, record.notes) == ("7", ())
    assert decoder.rules == Rule.FIELD_NOT_UNDERSTOOD


def test_a_row_that_nobody_foresaw_is_set_aside_alone(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = table.map_table

    def failing(record: table.TableRecord) -> object:
        if "世界" in str(record.said):
            raise ZeroDivisionError
        return whole(record)

    monkeypatch.setattr(opened, "map_table", failing)
    loaded = hub.send("GC", "书名\n人生\n世界\n平凡\n".encode(), name="x.csv")
    assert (loaded.new, [one.reason for one in loaded.set_aside]) == (2, ["row_broken"])


def test_a_full_delivery_killed_before_it_was_refused_is_not_loaded_by_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [book(str(n), title=f"第{n}种书") for n in range(20)]
    hub.send("JN", b"".join(many))
    with monkeypatch.context() as cut:
        cut.setattr(Load, "run", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", many[0], is_full=True)
    hub.send("HB", book("9", title="人生"))
    assert len(hub.entries()) == 21


def test_a_delivery_that_cannot_be_loaded_holds_up_nothing_and_its_bytes_stay(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(Load, "run", fault)
        with pytest.raises(ZeroDivisionError):
            hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"HB:9"}
    with hub.catalogue() as catalogue:
        assert len(catalogue.sources.failed()) == 1
    hub.rebuild()
    assert set(hub.entries()) == {"HB:9"}


def test_a_delivery_cut_short_that_then_cannot_be_loaded_is_put_aside_too(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(Load, "run", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", book("1"))
    whole = Load.run

    def fault(load: Load) -> object:
        if load.one.library == "JN":
            raise ZeroDivisionError
        return whole(load)

    monkeypatch.setattr(Load, "run", fault)
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"HB:9"}
    assert list((hub.root / "sources" / "JN").glob(".failed-*/*.zst"))


def test_what_a_kill_left_behind_is_removed_by_the_next_build(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    with monkeypatch.context() as cut:
        cut.setattr(build, "write_entries", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.rebuild()
    half = hub.root / "sources" / "JN" / ".new-000002-x"
    half.mkdir()
    assert len(list((hub.root / "catalogue").glob("0*"))) == 2
    hub.send("JN", book("2", title="人生"))
    assert list((hub.root / "catalogue").glob("0*")) == [generations.current(hub.root)]
    assert not half.exists()


DECISIONS = {
    pair("JN:1", "HB:9"): SAME,
    pair("JN:2", "HB:8"): DIFFERENT,
}


@pytest.mark.parametrize("order", [("JN", "HB", "GC"), ("HB", "GC", "JN"), ("GC", "JN", "HB")])
def test_what_persons_decided_holds_in_any_order_of_arrival(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    """One pair that no rule would join, one that a rule would; a third record, alike to one
    of the first, comes and goes."""
    files = {
        "JN": book("1", title="平凡的世界") + book("2", title="人生"),
        "HB": book("9", title="世界文学史") + book("8", title="人生"),
        "GC": book("5", title="世界文学史"),
    }
    hub = Hub(tmp_path)
    for two, said in DECISIONS.items():
        hub.sources().decide(*two, said)
    for library in order:
        path = tmp_path / f"{library}.mrc"
        path.write_bytes(files[library])
        import_files(hub.root, [path], Order(library))
    expected = {frozenset({"JN:1", "HB:9", "GC:5"}), frozenset({"JN:2"}), frozenset({"HB:8"})}
    assert hub.together() == expected
    gone = tmp_path / "gone.mrc"
    deleted = bytearray(book("9", title="世界文学史"))
    deleted[5:6] = b"d"
    gone.write_bytes(bytes(deleted))
    import_files(hub.root, [gone], Order("HB"))
    without = hub.together()
    assert frozenset({"GC:5"}) in without
    before = hub.everything()
    rebuild_all(hub.root)
    assert hub.everything() == before
    with pytest.raises(Refused):
        import_files(hub.root, [tmp_path / "nowhere"], Order("HB"))
