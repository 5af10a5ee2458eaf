"""Pictures that go with an entry's address when it is sent to somebody: one for each class, in the
colours and the pattern of its covers, with the mark of the union. Run by hand when covers change
their look; messengers take no SVG, and nothing is drawn while a page is made.

python -m scripts.share_pictures [--to FOLDER]

Needs what `scripts/browsers` installs, `pngquant`, and the fonts of `make pictures`.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from lianguan.discovery.covers import CLOTHS, PLAIN
from tests.browser.engines import ROOT
from tests.browser.page import Page, opened

SITE = ROOT / "src" / "lianguan" / "site"
STYLE = SITE / "static" / "site" / "lianguan.css"
MARK = SITE / "templates" / "site" / "parts" / "_mark.html"
FOLDER = SITE / "static" / "site" / "share"
SIDE = 300
"""Pixels: the least that WeChat takes."""
COLOURS = 16
MOST = 3_500
"""Bytes of one picture."""

DRAWN = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{style}">
<style>
.cover {{ --w: {side}px; height: var(--w); border-radius: 0; box-shadow: none; }}
.cover b {{ position: absolute; left: 23%; top: 14%; width: 60%; height: 72%; background: #FBF8EF;
  color: #1F272B; border: 3px solid #FBF8EF; outline: 2px solid rgba(31,39,43,.35);
  outline-offset: -9px; display: flex; flex-direction: column; align-items: center;
  justify-content: center; font: 700 100px/1 var(--song); }}
.cover svg {{ width: {mark}px; height: {mark}px; margin-top: {above}px; }}
</style>
<span class="cover"{cloth}><b>{letter}{drawing}</b></span>"""


def main(said: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts.share_pictures")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder to write to")
    folder: Path = parser.parse_args(said).to
    with tempfile.TemporaryDirectory() as made, opened("chromium", f"file://{made}") as page:
        for name in (PLAIN, *sorted(CLOTHS)):
            draw(page, Path(made), name, folder / f"{name}.png")
    sizes = [path.stat().st_size for path in folder.glob("*.png")]
    print(f"{len(sizes)} pictures, {sum(sizes):,} bytes, the largest {max(sizes):,}")
    return int(max(sizes) > MOST)


def draw(page: Page, made: Path, name: str, path: Path) -> None:
    (made / f"{name}.html").write_text(drawn(name), "utf-8")
    page.set_size(SIDE, SIDE)
    page.go(f"/{name}.html")
    path.write_bytes(page.picture())
    reduced = ("pngquant", "--force", "--strip", "--speed", "1", "--nofs", str(COLOURS))
    subprocess.run([*reduced, "--output", str(path), str(path)], check=True)


def drawn(name: str) -> str:
    is_plain = name == PLAIN
    return DRAWN.format(
        style=STYLE.as_uri(),
        side=SIDE,
        cloth="" if is_plain else f' data-class="{name}"',
        letter="" if is_plain else name,
        mark=120 if is_plain else 64,
        above=0 if is_plain else 18,
        drawing=MARK.read_text("utf-8"),
    )


if __name__ == "__main__":
    sys.exit(main())
