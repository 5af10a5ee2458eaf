"""Splink as a peer, installed into an environment of its own under var/peers."""

import csv
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.timing import NotMeasured
from lianguan.engine.match.block import LENGTH
from lianguan.engine.match.features import Features

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "peers" / "splink"
WANTED = ("splink==5.0.0", "duckdb==2.0.0", "pyarrow==26.0.1")
SURE = 0.95
"""The probability of its own from which on a pair counts as found."""
HEAD = 12
PATIENCE = 300


def python() -> Path:
    """The interpreter of its environment, made where it is not there. Raises NotMeasured."""
    where = FOLDER / "environment" / "bin" / "python"
    done = FOLDER / "installed"
    if done.exists() and done.read_text() == " ".join(WANTED):
        return where
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run((sys.executable, "-m", "venv", str(where.parents[1])), check=True)
    _run((str(where), "-m", "pip", "install", "--quiet", *WANTED), "cannot be installed")
    done.write_text(" ".join(WANTED))
    return where


def _run(command: tuple[str, ...], what: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"no answer within {PATIENCE} s") from error
    if done.returncode:
        raise NotMeasured(f"{what}: {done.stderr.strip().splitlines()[-1][:200]}")


def said(name: str, f: Features) -> dict[str, Any]:
    """A record as columns; None where it says nothing."""
    title = f.titles[0] if f.titles else ""
    return {
        "id": name,
        "title": f"{title} {f.rest}".strip() or None,
        "short": title[:LENGTH] or None,
        "head": title[:HEAD] or None,
        "agent": f.agents[0] if f.agents else None,
        "agents": list(f.agents),
        "publisher": f.publisher or None,
        "year": f.year or None,
        "pages": f.pages or None,
        "part": ".".join(f.parts) or None,
    }


def probabilities(features: Mapping[str, Features]) -> dict[tuple[str, str], float]:
    """Pairs that Splink takes to be the same rather than not, the smaller name first, with the
    probability that it gives. Raises NotMeasured."""
    interpreter = python()
    source, target = FOLDER / "records.jsonl", FOLDER / "pairs.csv"
    lines = (json.dumps(said(name, one), ensure_ascii=False) for name, one in features.items())
    source.write_text("\n".join(lines), "utf-8")
    work = Path(__file__).with_name("splink_work.py")
    _run((str(interpreter), str(work), str(source), str(target)), "failed")
    with target.open(encoding="utf-8", newline="") as file:
        return {(min(a, b), max(a, b)): float(p) for a, b, p in csv.reader(file)}
