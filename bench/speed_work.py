"""One piece of work, timed once over one file, in a process of its own.

    python -m bench.speed_work speed_flat.columns FILE [SMALL_FILE]

With a small file the work is done on that first, so that loading code is not counted. Prints
one line of JSON: seconds and CPU seconds of the work alone, and the records it read.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

SELECTORS = ["001", "008", "020$a", "100$a", "245$a", "260$b", "264$b", "650$a"]
"""The eight columns of the flat read."""

Work = Callable[[BinaryIO], int]


def work_named(name: str) -> Work:
    module, function = name.split(".")
    work: Work = getattr(importlib.import_module(f"bench.{module}"), function)
    return work


def done(work: Work, path: str) -> int:
    with Path(path).open("rb") as file:
        return work(file)


def main(name: str, path: str, warm: str = "") -> None:
    work = work_named(name)
    if warm:
        done(work, warm)
    seconds, cpu = time.perf_counter(), time.process_time()
    records = done(work, path)
    seconds, cpu = time.perf_counter() - seconds, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "records": records}))


if __name__ == "__main__":
    main(*sys.argv[1:])
