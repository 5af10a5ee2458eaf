"""Speed beside named peers, in interleaved rounds; `make bench`.

python -m bench.run --from ../shared/data/records [--rounds 5] [--records 1000000]
python -m bench.run --quick                     a look in two minutes; its figures are rough
python -m bench.run --write docs/performance.md renews the tables there
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from bench import speed_report
from bench.speed_table import PYTHON, Job, jobs
from bench.timing import NotMeasured, Timing, run, run_inside, wake

BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    rounds, count = (2, 20_000) if told.quick else (told.rounds, told.records)
    files = _files(told.records_from, told.folder, count)
    measured, missing = measure(files, rounds)
    text = report(measured, missing, rounds)
    print(text)
    if told.write:
        renew(told.write, text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.run", description="Speed beside named peers.")
    parser.add_argument("--from", dest="records_from", type=Path, metavar="FOLDER",
                        default=Path("../shared/data/records"), help="real records")  # fmt: skip
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="files made here")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records", type=int, default=1_000_000, help="in the largest file")
    parser.add_argument("--quick", action="store_true", help="20,000 records, 2 rounds")
    parser.add_argument("--write", type=Path, help="the document whose tables to renew")
    return parser


def _files(records: Path, folder: Path, count: int) -> dict[str, str]:
    """Made in another process: what this one holds would count as memory of all it starts."""
    command = (PYTHON, "-m", "bench.generator", str(records), str(folder), str(count))
    made = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    files: dict[str, str] = json.loads(made.stdout)
    return files


def measure(files: dict[str, str], rounds: int) -> tuple[dict[Job, list[Timing]], dict[Job, str]]:
    """The timings of every job, and why some have none."""
    measured: dict[Job, list[Timing]] = {job: [] for job in jobs()}
    missing: dict[Job, str] = {}
    for number in range(rounds + 1):
        for job in jobs() if number % 2 else jobs()[::-1]:
            if job in missing or (number == 0 and not job.command):
                continue  # round 0 is to have every program and its files in memory
            tell(f"round {number} of {rounds}: {job.who}, {job.on}")
            try:
                timing = measure_once(job, files)
            except NotMeasured as error:
                missing[job] = str(error)
                continue
            if number:
                measured[job].append(timing)
    tell("")
    return measured, missing


def tell(sentence: str) -> None:
    """What is going on, for somebody who watches."""
    if sys.stderr.isatty():
        print(f"\r{sentence:<70}\r", end="", file=sys.stderr, flush=True)


def measure_once(job: Job, files: dict[str, str]) -> Timing:
    path = files.get(job.on, "")
    if path:
        wake(path)
    if job.command:
        return run([path if word == "FILE" else word for word in job.command])
    warm = files["warm_xml" if path.endswith(".xml") else "warm"]
    return run_inside((PYTHON, "-m", "bench.speed_work", job.work, path, warm), job.plain)


def report(measured: dict[Job, list[Timing]], missing: dict[Job, str], rounds: int) -> str:
    return "\n\n".join(
        [
            f"{rounds} rounds; the middle one [least–most].",
            speed_report.claims(measured, missing),
            speed_report.timings(measured),
            machine(),
        ]
    )


def machine() -> str:
    """What all this ran on."""
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    packages = ("numba", "llvmlite", "numpy", "pymarc", "lxml")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    return (
        f"Machine: {names[0] if names else platform.processor()}, {os.cpu_count()} cores, "
        f"{memory} GiB; {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}, {versions}, {yaz_version()}. "
        f"Load at the end of the run: {load}."
    )


def yaz_version() -> str:
    try:
        said = subprocess.run(("yaz-marcdump", "-V"), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "no YAZ"
    return " ".join(said.stdout.split()[:3])


def renew(document: Path, text: str) -> None:
    """Put the tables between their marks in a document."""
    renew_between(document, text, (BEGIN, END))


def renew_between(document: Path, text: str, marks: tuple[str, str]) -> None:
    """Put `text` between two marks of a document."""
    begin, end = marks
    before, _, rest = document.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    if not after and end not in rest:
        raise ValueError(f"{document} lacks {begin} or {end}")
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
