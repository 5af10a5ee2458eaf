"""The table of speed: the files it is measured on, and what it says of a target that is missed."""

import gzip
import shutil
from pathlib import Path

import pytest

from bench import generator, run, speed_report, speed_table
from bench.speed_table import CLAIMS, LIMITS, Job
from bench.timing import NotMeasured, Timing, figure, run_inside
from lianguan.engine.read import iso2709
from tests.making import marc21

WORDS = "Sources of the rivers of the plateau, with notes on travel, pasture and weather. " * 8
LINES = "001 n{0} | 008 990802s1999    xxu           000 0 eng   | 245 10$aLakes {0} /$cby Wang Lan. | 260   $aXining :$bPublisher {0},$c1999. | 505 0 $a{1} | 650  0$aLakes$zQinghai."


def sets(folder: Path, count: int = 200) -> Path:
    """Shared sets of our own making, one record of them damaged and one in MARC-8."""
    records = [marc21(LINES.format(i, WORDS)) for i in range(count)]
    records[3] = b"99999" + records[3][5:]
    records[5] = records[5].replace(b"Lakes 5", b"Lak\xe2es5")
    (folder / "marc/gpo").mkdir(parents=True)
    (folder / "marc/gpo/some.mrc.gz").write_bytes(gzip.compress(b"".join(records)))
    return folder


def test_records_that_a_reader_would_mend_are_not_drawn(tmp_path: Path) -> None:
    drawn = generator.pool(sets(tmp_path))
    assert len(drawn) == 198
    assert generator.pool(tmp_path) == drawn


def test_a_record_drawn_twice_has_two_numbers_and_is_sound_both_times(tmp_path: Path) -> None:
    drawn = list(generator.resampled(generator.pool(sets(tmp_path)), 500))
    fields = [iso2709.sound_fields(record) for record in drawn]
    assert all(fields)
    assert len({found[0] for found in fields if found}) == 500
    assert drawn[:100] == list(generator.resampled(generator.pool(tmp_path), 100))


def timings(seconds: float, records: int = 1000) -> list[Timing]:
    return [Timing(seconds * by, seconds * by, records, 30) for by in (0.9, 1.0, 1.2)]


def line_of(what: str, rounds: dict[Job, list[Timing]], missing: dict[Job, str]) -> str:
    lines = speed_report.claims(rounds, missing).splitlines()
    return next(line for line in lines if what in line)


def test_a_missed_target_is_said_and_not_hidden() -> None:
    rounds = {job: timings(1.0) for job in speed_table.jobs()}
    claim = CLAIMS[0]
    rounds[claim.peer] = timings(69.0)
    assert "| **69.0 [69.0–69.0]** | 69.0 | 70.0× | **no** |" in line_of(claim.what, rounds, {})
    rounds[claim.peer] = timings(71.0)
    assert "| 70.0× | yes |" in line_of(claim.what, rounds, {})
    assert "**no**" in line_of(LIMITS[0].what, rounds, {})


def test_a_peer_on_a_smaller_file_is_compared_record_for_record() -> None:
    rounds = {job: timings(1.0) for job in speed_table.jobs()}
    rounds[CLAIMS[0].job] = timings(1.0, records=20_000)
    assert "**20.0 [20.0–20.0]**" in line_of(CLAIMS[0].what, rounds, {})


def test_a_peer_that_is_not_here_leaves_its_line_with_the_reason() -> None:
    rounds = {job: timings(1.0) for job in speed_table.jobs()}
    rounds[speed_table.yaz] = []
    line = line_of(CLAIMS[1].what, rounds, {speed_table.yaz: "is not here"})
    assert "not measured: yaz-marcdump -n is not here" in line


def test_work_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(NotMeasured, match="ended with 3: gone"):
        run_inside(
            (speed_table.PYTHON, "-c", "import sys; print('gone', file=sys.stderr); exit(3)")
        )
    with pytest.raises(NotMeasured, match="is not here"):
        run_inside(("no-such-program",))


def test_figures_have_three_digits() -> None:
    assert [figure(n) for n in (0.904, 9.96, 12.34, 1234.5)] == ["0.90", "9.96", "12.3", "1,234"]


def measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    document = folder / "performance.md"
    document.write_text(f"# Speed\n{run.BEGIN}\nfigures of last year\n{run.END}\nMore.\n", "utf-8")
    said = ["--from", str(sets(folder)), "--folder", str(folder / "made"), "--rounds", "1"]
    assert run.main([*said, "--records", "4000", "--write", str(document)]) == 0
    text = document.read_text("utf-8")
    assert capsys.readouterr().out.strip() in text
    assert text.startswith("# Speed\n")
    assert text.endswith("\nMore.\n")
    assert "last year" not in text
    assert "not measured: Lianguan" not in text
    return text


def test_the_bench_runs_and_renews_its_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = (CLAIMS[0], CLAIMS[4])
    for module in (speed_table, speed_report):
        monkeypatch.setattr(module, "CLAIMS", few)
    text = measured(tmp_path, capsys)
    assert all(f"| {claim.what} | **" in text for claim in few)


@pytest.mark.long
def test_every_line_of_the_bench_can_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = measured(tmp_path, capsys)
    for claim in CLAIMS:
        if claim.peer is not speed_table.yaz or shutil.which("yaz-marcdump"):
            assert f"| {claim.what} | **" in text
