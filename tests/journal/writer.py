"""Somebody who writes in the journal: python -m tests.journal.writer MACHINE COUNT [PAUSE]

Says each act when it is done, with the seconds that it took.
"""

import datetime
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
django.setup()

from lianguan.journal.act import Act, Rule  # noqa: E402
from lianguan.journal.actions import acting  # noqa: E402


def main() -> None:
    machine, count = sys.argv[1], int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        act = Act(Rule("writer"), machine, datetime.datetime.now(datetime.UTC))
        began = time.perf_counter()
        with acting(act) as lines:
            lines.add("count", "number", number)
            lines.add("count", "number", f"{number}-again")
        print(act.id, f"{time.perf_counter() - began:.6f}", flush=True)


if __name__ == "__main__":
    main()
