"""What the bench of the pages makes of its figures, and the pictures of theirs."""

from pathlib import Path

from bench.access import Judged, faults
from bench.access import report as judged_report
from bench.pages_peers import Beside
from bench.pages_rate import Rate
from bench.pages_report import Looked, Measured, is_light, report, table
from bench.pages_seen import Seen
from scripts import pictures
from tests.browser.judging import JUDGES
from tests.browser.tables import AWKWARD, PAGES, View, views

LIGHT = Looked(Seen(40_000, 3, 1.2, 0), 1, 12)


def test_a_page_that_weighs_waits_or_asks_too_much_is_told() -> None:
    assert is_light("entry", LIGHT)
    for heavy in (
        LIGHT._replace(seen=LIGHT.seen._replace(bytes=60_001)),
        LIGHT._replace(seen=LIGHT.seen._replace(largest=2.6)),
        LIGHT._replace(people=9),
    ):
        assert not is_light("entry", heavy)


def test_the_tables_of_the_pages_name_the_load_generator_and_why_a_figure_is_missing() -> None:
    rates: dict[str, Rate | str] = {
        "made": Rate(81.0, 40, 95, 0.04, 0.93),
        "kept": "pages have no ETag",
    }
    peers: dict[str, Beside | str] = {
        "datasette": Beside("0.65.5", 9.0, 40, 1.5, LIGHT.seen),
        "kolibri": "it is not there",
    }
    said = report(Measured({"first page": LIGHT}, rates, peers))
    assert "| made | 81.0 | 40.0 ms | 95.0 ms | 93% | 4% | ≥ 80 | yes |" in said
    assert "| kept | not measured: pages have no ETag |  |  |  |  | ≥ 400 | no |" in said
    assert "| datasette 0.65.5 | 9.00 s | 40 | 1.50 s | 40.0 | 3 | 1.20 s | 0 |" in said
    assert "| kolibri | not measured: it is not there |" in said


def test_every_line_of_a_table_is_as_long_as_its_head() -> None:
    lines = table(("a", "b", "c"), [("1",), ("1", "2", "3")]).splitlines()
    assert {line.count("|") for line in lines} == {4}


def test_a_fault_is_named_once_with_how_many_have_it() -> None:
    wrong = {name: list[str]() for name in JUDGES}
    found = {view: dict(wrong) for view in views(PAGES | AWKWARD)}
    assert faults(found) == []
    for theme in ("light", "dark"):
        found[View("home", "zh", theme)]["headings skipped"] = ["h3 “馆”"]
    assert faults(found) == ["home: headings skipped: h3 “馆” [2]"]
    said = judged_report(Judged(found, "axe-core 4"))
    assert "| headings skipped | 390, 1280 | 1 | 1 | 0 | 0 | 0 | 0 |" in said
    assert said.endswith("axe-core 4")


def test_the_index_of_pictures_names_those_that_are_there(tmp_path: Path) -> None:
    shots = list(pictures.shots("home", pictures.EVERY))
    assert len({one.name for one in shots}) == len(shots) == 2 * 3 * 2
    assert set(pictures.looks("work")) < set(pictures.looks("home")) < set(pictures.EVERY)
    (tmp_path / "home-zh-dark-390.png").write_bytes(b"")
    said = pictures.index(tmp_path)
    assert "[Chinese, dark, 390](home-zh-dark-390.png)" in said
    assert "| entry |" not in said
