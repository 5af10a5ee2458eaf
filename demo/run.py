"""Start the demonstration: build the three exports, load them, found the hub, serve it.

python -m demo.run [--port 8000]

Loading is an upsert: what is already there is found unchanged.
"""

import argparse
import os
import subprocess
import sys

from demo.build import FOLDER, ROOT, build
from demo.facts import LIBRARIES, NAMES
from demo.people import HEAD, PASSWORD, STAFF

MEMBERS = {"J": "jinan.mrc", "H": "haibei.mrc", "G": "gangcha.xlsx"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Build, load and serve the demonstration.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    data = ROOT / "var" / "demo" / "catalogue"
    environment = os.environ | {"LIANGUAN_DATA": str(data)}
    lianguan = [sys.executable, "-m", "lianguan"]
    build(FOLDER)
    for member, name in MEMBERS.items():
        told = ["--library", LIBRARIES[member], "--name", NAMES[member]]
        subprocess.run(
            [*lianguan, "import", str(FOLDER / name), *told], env=environment, check=True
        )
    subprocess.run([sys.executable, "-m", "demo.people", str(data)], env=environment, check=True)
    print(
        f"Work / 馆员登录：{'、'.join(one.sign_in for one in (HEAD, *STAFF))}；{PASSWORD}",
        flush=True,
    )
    serve = [*lianguan, "serve", "--port", str(port)]
    os.execve(sys.executable, serve, environment)  # noqa: S606 - it takes this process's place


if __name__ == "__main__":
    main()
