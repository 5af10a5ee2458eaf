"""A reader with a browser, and a small catalogue to look at."""

import os
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.test import Client

from tests.union.hub import Hub


@pytest.fixture(scope="session", autouse=True)
def site() -> None:
    """Django, set up once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
    django.setup()


@pytest.fixture
def hub(tmp_path: Path, site: None) -> Iterator[Hub]:
    """A hub whose catalogue the pages show."""
    made = Hub(tmp_path)
    before, settings.DATA = settings.DATA, made.root
    yield made
    settings.DATA = before


@pytest.fixture
def reader(hub: Hub) -> Client:
    return Client()
