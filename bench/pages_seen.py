"""What a page costs whoever looks at it: bytes, requests, and the time until its largest part is
there on a slow line and a slow phone; and what axe says of it."""

import statistics
import time
from typing import NamedTuple

from tests.browser.judging import GRAVE, axe_says
from tests.browser.page import Page

SLOW_3G = {"latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s both ways and 400 ms for each request: what WebPageTest calls slow 3G."""
FREE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOWER = 4
"""Times that the processor of a cheap phone is slower."""
TIMES = 5
PATIENCE, QUIET = 180.0, 1.5
"""Seconds that a page may take on a slow line, and without news after which it is all there."""

LARGEST = """new Promise(done => {
    let at = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) at = one.startTime; })
        .observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => done(at), 300);
})"""


class Seen(NamedTuple):
    """One page, as a reader gets it who was never here before."""

    bytes: int
    requests: int
    largest: float
    """Seconds until its largest part was there, on a slow line: the middle of five."""
    grave: int
    """Rules of axe that it breaks which are serious or critical."""


def seen(page: Page, path: str) -> Seen:
    largest = statistics.median(_largest(page, path) for _ in range(TIMES))
    weighed, requests = weight(page, path)
    grave = sum(one["impact"] in GRAVE for one in axe_says(page))
    return Seen(weighed, requests, largest, grave)


def weight(page: Page, path: str) -> tuple[int, int]:
    """All bytes that came for it, heads of answers included, and how many answers."""
    _visit(page, path)
    ended = [one for one in page.events if one.get("method") == "Network.loadingFinished"]
    return sum(int(one["params"]["encodedDataLength"]) for one in ended), len(ended)


def _largest(page: Page, path: str) -> float:
    page.call("Network.emulateNetworkConditions", offline=False, **SLOW_3G)
    page.call("Emulation.setCPUThrottlingRate", rate=SLOWER)
    try:
        _visit(page, path)
        return float(page.ask(LARGEST)) / 1000
    finally:
        page.call("Network.emulateNetworkConditions", offline=False, **FREE)
        page.call("Emulation.setCPUThrottlingRate", rate=1)


def _visit(page: Page, path: str) -> None:
    """Go there with nothing kept of it."""
    page.forget()
    page.ask("0")
    page.events.clear()
    page.go(path, PATIENCE)
    page.settle()
    _wait_until_nothing_comes(page)


def _wait_until_nothing_comes(page: Page) -> None:
    """What is fetched and drawn after a page is there belongs to it too."""
    end, before = time.monotonic() + PATIENCE, -1
    while len(page.events) != before and time.monotonic() < end:
        before = len(page.events)
        time.sleep(QUIET)
        page.ask("0")
