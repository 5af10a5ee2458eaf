"""Write the exports of the three members of the demonstration, each as it would send it.

python demo/build.py [--to FOLDER]
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # run as a file, not as a module

from demo import gangcha, haibei, jinan  # noqa: E402 - the path comes first

FILES = {"jinan.mrc": jinan.export, "haibei.mrc": haibei.export, "gangcha.xlsx": gangcha.export}
FOLDER = ROOT / "var" / "demo" / "files"


def build(folder: Path) -> list[Path]:
    """Write the three files; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, export in FILES.items():
        path = folder / name
        path.write_bytes(export())
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the exports of the three demo members.")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder to write to")
    for path in build(parser.parse_args().to):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
