"""Several people who do something at the very same moment."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def at_once(doings: Sequence[Callable[[], object]]) -> None:
    """Each in a thread of its own; all begin together."""
    gate = threading.Barrier(len(doings))

    def do(doing: Callable[[], object]) -> None:
        gate.wait()
        try:
            doing()
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[doing]) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
