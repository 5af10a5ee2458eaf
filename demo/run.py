"""Start the demonstration: build the three exports, load them, serve the catalogue.

python -m demo.run [--port 8000]

Loading is an upsert: what is already there is found unchanged.
"""

import argparse
import os
import subprocess
import sys

from demo.build import FOLDER, ROOT, build
from demo.facts import LIBRARIES, NAMES

MEMBERS = {"J": "jinan.mrc", "H": "haibei.mrc", "G": "gangcha.xlsx"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Build, load and serve the demonstration.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    environment = os.environ | {"LIANGUAN_DATA": str(ROOT / "var" / "demo" / "catalogue")}
    lianguan = [sys.executable, "-m", "lianguan"]
    build(FOLDER)
    for member, name in MEMBERS.items():
        told = ["--library", LIBRARIES[member], "--name", NAMES[member]]
        subprocess.run(
            [*lianguan, "import", str(FOLDER / name), *told], env=environment, check=True
        )
    serve = [*lianguan, "serve", "--port", str(port)]
    os.execve(sys.executable, serve, environment)  # noqa: S606 - it takes this process's place


if __name__ == "__main__":
    main()
