"""How many questions a page asks its databases.

    python -m bench.pages_queries ROOT PATH …

prints a list of (of people's database, of the catalogue) as JSON, page by page.
"""

import json
import os
import sys

import django


def main(root: str, paths: list[str]) -> list[tuple[int, int]]:
    os.environ["LIANGUAN_DATA"] = root
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianguan.site.settings"
    django.setup()
    return [_asked(path) for path in paths]


def _asked(path: str) -> tuple[int, int]:
    """Those of the second time: the first also opens what stays open."""
    from django.db import connection  # noqa: PLC0415 - settings come first
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from lianguan.discovery import queries  # noqa: PLC0415

    reader, asked = Client(), list[str]()
    reader.get(path, follow=True)
    catalogue = queries.catalogue()
    catalogue.connection.set_trace_callback(asked.append)
    with CaptureQueriesContext(connection) as of_people:
        reader.get(path, follow=True)
    catalogue.connection.set_trace_callback(None)
    catalogue.rest()
    return len(of_people), sum(one.lstrip().upper().startswith("SELECT") for one in asked)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
