"""A union to which much has happened, and what of it must come back."""

import shutil
import tempfile
from pathlib import Path

from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.search.index import Found
from tests.union.hub import Hub, book

ISBN = "9787020049295"


def power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def living(hub: Hub) -> Hub:
    """A union to which something of everything has happened."""
    hub.send("JN", book("1", isbn=ISBN) + book("2", title="人生") + b"rubbish")
    taken_back = hub.send("HB", book("A/7", isbn=ISBN))
    hub.send("HB", "书名,著者,条码\n人生,路遥,0001\n".encode(), name="书目.csv")
    hub.withdraw(taken_back)
    hub.send("JN", book("1", isbn=ISBN, year="2012"))
    hub.send("GC", book("1", isbn=ISBN))
    hub.decide("JN:2", "GC:1", SAME)
    hub.decide("JN:1", "HB:A/7", DIFFERENT)
    return hub


def lose(hub: Hub, path: Path) -> None:
    """Something of a union is no more, from one moment to the next. Removed file by file it was
    once not: the search library still ended there after a catalogue was closed, on a busy
    machine, and left a folder with something in it."""
    aside = Path(tempfile.mkdtemp(dir=hub.root.parent))
    path.rename(aside / path.name)
    shutil.rmtree(aside, ignore_errors=True)


def hidden(path: str) -> bool:
    """What is no part of the log."""
    return path == ".numbers"


def bytes_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    named = {str(path.relative_to(folder)): path.read_bytes() for path in found}
    return {name: said for name, said in named.items() if not hidden(name)}


def decisions(hub: Hub) -> bytes:
    return (hub.root / "decisions.jsonl").read_bytes()


def found(hub: Hub) -> list[object]:
    """What readers find: the order of what fits a query equally well is nobody's promise."""
    with hub.catalogue() as catalogue:
        queries = ("", "平凡的世界", "人生", "路遥", ISBN, "0001", "第3种书")
        answers = [catalogue.search(query, limit=1000) for query in queries]
        return [(one.total, sorted(one.hits), facets(one)) for one in answers] + [catalogue.size()]


def facets(one: Found) -> dict[str, list[tuple[str, int]]]:
    return {name: sorted(values) for name, values in one.facets.items()}


def same(one: Hub, other: Hub) -> bool:
    assert one.everything() == other.everything()
    assert found(one) == found(other)
    return True
