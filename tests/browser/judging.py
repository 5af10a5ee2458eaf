"""What is wrong with a page, as sentences; none where all is well.

The first group asks what axe-core asks. The others are what machines like it do not see: the five
faults that Finna's own statement of accessibility names, small targets, what is wider than the
window, Tibetan letters that are cut.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from tests.browser.engines import FOLDER, NoBrowser
from tests.browser.page import Page
from tests.browser.tables import WIDTHS, View, show

AXE = FOLDER / "npm" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
LEAST_TARGET = 44
LEAST_CONTRAST = 4.5
"""Of a text with what is behind it: WCAG 2.2, 1.4.3."""
SMALL_PHONE = (320, 256)
"""What is left of 1280 × 1024 at four times its size: WCAG 2.2, 1.4.10."""

Judge = Callable[[Page], list[str]]


@cache
def axe() -> str:
    if not AXE.exists():
        raise NoBrowser("axe-core is not installed (scripts/browsers)")
    return AXE.read_text("utf-8")


def axe_says(page: Page) -> list[dict[str, Any]]:
    """Every rule of axe that the page breaks, with its weight and where."""
    if not page.ask("window.axe && axe.version"):
        page.ask(axe() + "; true")
    said = page.ask(
        "axe.run(document, {preload: false, resultTypes: ['violations']}).then(found =>"
        " found.violations.map(({id, impact, nodes}) =>"
        " ({id, impact, where: nodes.map(node => node.target.join(' '))})))"
    )
    return list(said)


def grave(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = (one for one in axe_says(page) if one["impact"] in GRAVE)
    return [f"{one['impact']}: {one['id']} at {'; '.join(one['where'][:4])}" for one in found]


def targets(page: Page) -> list[str]:
    return list(page.look("smallTargets", LEAST_TARGET))


def sideways(page: Page) -> list[str]:
    return list(page.look("sideways"))


def cut_text(page: Page) -> list[str]:
    return list(page.look("cutText"))


def weak_placeholders(page: Page) -> list[str]:
    return list(page.look("weakPlaceholders", LEAST_CONTRAST))


def doubled_text(page: Page) -> list[str]:
    """Text at 200 %: all of it grows, and nothing is cut or goes out of the window."""
    return [*page.look("doubled"), *sideways(page), *cut_text(page)]


def overlapping(page: Page) -> list[str]:
    """Buttons and links over one another in a very small window."""
    width, height = page.size
    page.set_size(*SMALL_PHONE)
    found = [*page.look("overlappingControls"), *sideways(page)]
    page.set_size(width, height)
    return found


def headings(page: Page) -> list[str]:
    return list(page.look("headings"))


def layout_tables(page: Page) -> list[str]:
    return list(page.look("layoutTables"))


def clipped_stacks(page: Page) -> list[str]:
    page.settle()
    return list(page.look("clippedStacks"))


class Judged(NamedTuple):
    by: Judge
    widths: tuple[int, ...]
    """Of windows in which it is asked."""


JUDGES = {
    "axe: serious or critical": Judged(grave, (320, 768, 1280)),
    "targets under 44 px": Judged(targets, WIDTHS),
    "wider than the window": Judged(sideways, WIDTHS),
    "text cut off": Judged(cut_text, WIDTHS),
    "Tibetan letters cut off": Judged(clipped_stacks, WIDTHS),
    "placeholder too faint": Judged(weak_placeholders, (1280,)),
    "headings skipped": Judged(headings, (390, 1280)),
    "tables for layout": Judged(layout_tables, (1280,)),
    "buttons over one another at 320 × 256": Judged(overlapping, (320,)),
    "text at 200 % cut or lost": Judged(doubled_text, (1280,)),
}
"""The last two change the page."""


def judge(reader: Page, view: View, sites: Mapping[str, str]) -> dict[str, list[str]]:
    """Judge → what is wrong, each with the widths at which it is."""
    found: dict[str, dict[str, list[int]]] = {name: {} for name in JUDGES}
    for width in WIDTHS:
        reader.set_size(width, 800)
        show(reader, view, sites)
        for name, judged in JUDGES.items():
            for one in dict.fromkeys(judged.by(reader) if width in judged.widths else ()):
                found[name].setdefault(one, []).append(width)
    return {
        name: [f"{one} (at {', '.join(map(str, widths))} px)" for one, widths in wrong.items()]
        for name, wrong in found.items()
    }
