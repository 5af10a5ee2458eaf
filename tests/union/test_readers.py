"""Readers who search while imports and rebuilds run one after another."""

import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest
from django.test import Client
from django.test.utils import override_settings

from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import indexing
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import connect
from tests.union.hub import Hub, book

IMPORTS = """
import sys
from pathlib import Path
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.taking_back import rebuild_all, withdraw_import
root, folder = Path(sys.argv[1]), Path(sys.argv[2])
for number in range(10):
    loaded = import_files(root, [folder / f"{number}.mrc"], Order(f"M{number % 3}"))
    if number == 4:
        withdraw_import(root, loaded.import_id)
    if number % 3 == 2:
        rebuild_all(root)
"""

ADDRESS = re.compile(r'href="(/e/[a-z2-7]{13})"')


class Reader(threading.Thread):
    """Searches and opens what it finds, until told to stop."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.stops = threading.Event()
        self.fault = ""
        self.looks = 0

    def run(self) -> None:
        try:
            while not self.stops.is_set():
                self.look()
                self.looks += 1
        except Exception as error:  # noqa: BLE001 - is told by the test
            self.fault = repr(error)

    def look(self) -> None:
        raise NotImplementedError


class EngineReader(Reader):
    """Asks the engine, with the same catalogue again and again."""

    catalogue: UnionCatalogue | None = None

    def look(self) -> None:
        if self.catalogue is None:
            self.catalogue = UnionCatalogue(self.root)
        self.catalogue.refresh()
        found = self.catalogue.search("种书", limit=160)
        assert found.total == len(found.hits) == 160, found.total
        for hit in random.sample(found.hits, 5):
            address = self.catalogue.canonical(hit.entry)
            assert address, "an entry that was found was never there"
            view = self.catalogue.entry(address)
            assert view, "an entry that was found is gone"
            assert view.sources[0].sent.fields, "a record without its bytes"
            assert "种书" in view.shown.title.value


class PageReader(Reader):
    """Asks for pages as a browser does, and follows what leads elsewhere."""

    def look(self) -> None:
        browser = Client()
        assert "条记录" in self.page(browser, "/")
        results = self.page(browser, f"/search?q=种书&page={random.randint(1, 8)}")
        assert "找到 160 种" in results
        for address in ADDRESS.findall(results)[:5]:
            assert "种书" in self.page(browser, address)

    def page(self, browser: Client, address: str) -> str:
        answer = browser.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.content.decode())


def slowly(step: Callable[..., object]) -> Callable[..., object]:
    def taken(*args: object) -> object:
        time.sleep(0.02)
        return step(*args)

    return taken


@pytest.fixture
def pages(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages show what the hub has; they are slow, so that much happens meanwhile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
    django.setup()
    monkeypatch.setattr(UnionCatalogue, "entry", slowly(UnionCatalogue.entry))
    monkeypatch.setattr(UnionCatalogue, "explain", slowly(UnionCatalogue.explain))
    monkeypatch.setattr(SearchIndex, "reload", slowly(SearchIndex.reload))
    with override_settings(DATA=hub.root):
        yield


def test_readers_see_no_error_while_ten_imports_run(hub: Hub, pages: None) -> None:
    """What the first delivery has stays, under addresses that move: it is found, and neither
    missing nor called gone."""
    hub.send("HB", b"".join(book(str(n), title=f"第{n}种书") for n in range(160)))
    for number in range(10):
        first = 10 * number
        data = [book(f"m{n}", title=f"第{n}种书") for n in range(first, first + 60)]
        data += [book(f"o{n}", title=f"又一本第{n}号") for n in range(first, first + 20)]
        (hub.inbox / f"{number}.mrc").write_bytes(b"".join(data))
    readers: list[Reader] = [made(hub.root) for made in (EngineReader, PageReader) for _ in "12"]
    for reader in readers:
        reader.start()
    command = (sys.executable, "-c", IMPORTS, str(hub.root), str(hub.inbox))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for reader in readers:
        reader.stops.set()
        reader.join()
    assert not done.returncode, done.stderr
    assert [reader.fault for reader in readers] == [""] * 4
    assert all(reader.looks > 3 for reader in readers)


def test_a_reader_looks_at_one_moment_until_it_looks_again(hub: Hub) -> None:
    hub.send("JN", book("1"))
    with hub.catalogue() as catalogue:
        address = catalogue.address_of("JN:1")
        late = hub.send("HB", book("2", title="人生"))
        assert catalogue.size()[0] == 1
        assert catalogue.search("人生").total == 0
        catalogue.refresh()
        assert catalogue.size()[0] == 2
        hub.rebuild()
        hub.withdraw(late)
        assert catalogue.size()[0] == 2
        assert catalogue.search("人生").total == 1
        assert catalogue.entry(address)
        catalogue.refresh()
        assert catalogue.size()[0] == 1


def test_a_reader_who_rests_does_not_keep_the_log_of_the_database(hub: Hub) -> None:
    hub.send("JN", book("1"))

    def cut_short() -> bool:
        """All that is in the log of the database goes into it, and nobody is in the way."""
        connection = connect(hub.folder() / "catalogue.sqlite", writing=True)
        try:
            connection.execute("PRAGMA busy_timeout = 50")
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.close()

    with hub.catalogue() as catalogue:
        hub.send("JN", book("2"))
        assert not cut_short()
        catalogue.rest()
        assert cut_short()


Replacing = Callable[[Path, Path], None]


def exchanged(made: Path, there: Path) -> None:
    indexing.put_in_place(made, there)


def put_one_after_the_other(made: Path, there: Path) -> None:
    """As where the system cannot exchange two folders."""
    plain, indexing.exchange = indexing.exchange, _unknown
    try:
        indexing.put_in_place(made, there)
    finally:
        indexing.exchange = plain


def _unknown(one: Path, other: Path) -> None:
    raise OSError("not known here")


@pytest.mark.parametrize("replaced", [exchanged, put_one_after_the_other])
def test_an_index_that_is_made_again_is_never_missed(replaced: Replacing, hub: Hub) -> None:
    hub.send("HB", b"".join(book(str(n), title=f"第{n}种书") for n in range(160)))
    index, copy = hub.folder() / "index", hub.folder() / "index.new"
    reader = EngineReader(hub.root)
    reader.start()
    for _ in range(40):
        shutil.copytree(index, copy)
        replaced(copy, index)
    reader.stops.set()
    reader.join()
    assert reader.fault == ""
    assert not copy.exists()
    assert not index.with_name("index.old").exists()


def test_nobody_finds_the_index_missing_between_one_step_and_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    found = []

    def look(path: object, **_: object) -> None:
        with hub.catalogue() as catalogue:
            found.append(catalogue.search("平凡").total)

    (hub.folder() / "index" / "GENERATION").unlink()
    monkeypatch.setattr("lianguan.engine.union.indexing.shutil.rmtree", look)
    monkeypatch.setattr(Path, "rename", _then(Path.rename, look))
    hub.send("JN", book("2", title="人生"))
    assert found
    assert set(found) == {1}


def _then(plain: Callable[..., object], look: Callable[..., None]) -> Callable[..., object]:
    def renamed(path: Path, to: Path) -> object:
        said = plain(path, to)
        look(path)
        return said

    return renamed
