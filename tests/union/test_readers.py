"""Readers who search while imports and rebuilds run one after another."""

import subprocess
import sys
import threading
from pathlib import Path

from lianguan.engine.union.catalogue import UnionCatalogue
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
            with UnionCatalogue(self.root) as catalogue:
                while not self.stops.is_set():
                    self.look(catalogue)
        except Exception as error:  # noqa: BLE001 - is told by the test
            self.fault = repr(error)

    def look(self, catalogue: UnionCatalogue) -> None:
        catalogue.refresh()
        found = catalogue.search("种书", limit=5)
        assert found.total > 0
        for hit in found.hits:
            address = catalogue.canonical(hit.entry)
            assert address, "an entry that was found has led somewhere since"
            view = catalogue.entry(address)
            assert view is None or view.sources
        self.looks += 1


def test_readers_see_no_error_while_ten_imports_run(hub: Hub) -> None:
    hub.send("HB", b"".join(book(str(n), title=f"第{n}种书") for n in range(50)))
    for number in range(10):
        data = [book(str(n), title=f"第{n}种书") for n in range(10 * number, 10 * number + 60)]
        (hub.inbox / f"{number}.mrc").write_bytes(b"".join(data))
    readers = [Reader(hub.root) for _ in range(2)]
    for reader in readers:
        reader.start()
    command = (sys.executable, "-c", IMPORTS, str(hub.root), str(hub.inbox))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for reader in readers:
        reader.stops.set()
        reader.join()
    assert not done.returncode, done.stderr
    assert [reader.fault for reader in readers] == ["", ""]
    assert all(reader.looks for reader in readers)
