"""Running a piece of work in a process of its own and taking its time, beside others.

The machine may be busy with other things, so nothing is read from one run: the work is done
in rounds (A B C, A B C, …) and what counts is the ratio of two works within one round.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class NotMeasured(Exception):
    """A program that is not here or does not work; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One run. Of a process as a whole, or of the work inside it."""

    seconds: float
    cpu: float
    records: int
    """0 where the program does not say how many it read."""
    peak: int
    """Most memory of the process, in MiB."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several figures, and the least and greatest."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{figure(self.middle)} [{figure(self.least)}–{figure(self.most)}]"


def spread(figures: Sequence[float]) -> Spread:
    return Spread(statistics.median(figures), min(figures), max(figures))


def figure(number: float) -> str:
    """Three digits are as many as such a figure deserves."""
    digits = 0 if abs(number) >= 100 else (1 if abs(number) >= 10 else 2)
    return f"{number:,.{digits}f}"


def run(command: Sequence[str], plain: bool = False) -> Timing:
    """The time of a whole process, what it loads at its start included."""
    return _run(command, plain)[0]


def run_inside(command: Sequence[str], plain: bool = False) -> Timing:
    """The time that a process of `bench.speed_work` says it spent on the work alone."""
    whole, output = _run(command, plain)
    said = json.loads(output.splitlines()[-1])
    return Timing(said["seconds"], said["cpu"], said["records"], whole.peak)


def run_said(command: Sequence[str]) -> tuple[Timing, str]:
    """The time of a whole process, and what it printed."""
    return _run(command, plain=False)


TAKEN = 1 << 30


def wake(path: str) -> None:
    """Read a file to its end and take a gigabyte of memory for a moment, so that what is timed
    next waits neither for the disk nor for a virtual machine to be given its memory back: the
    first one after a pause would pay for all others. The memory is taken by another process:
    what this one has held counts as memory of all that it starts."""
    with Path(path).open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass
    subprocess.run((sys.executable, "-c", f"b'x' * {TAKEN}"), check=True)


def _run(command: Sequence[str], plain: bool) -> tuple[Timing, str]:
    environment = {**os.environ, **({"LIANGUAN_PLAIN": "1"} if plain else {})}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=errors)
        except FileNotFoundError as error:
            raise NotMeasured(f"{command[0]} is not here") from error
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            last = [line for line in errors.read().splitlines() if line.strip()][-1:]
            raise NotMeasured(f"it ended with {process.returncode}: {' '.join(last)}")
        timing = Timing(seconds, usage.ru_utime + usage.ru_stime, 0, usage.ru_maxrss >> 10)
        return timing, output.read()
