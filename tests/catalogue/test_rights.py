"""Who may do what with files: every page, every method, every role."""

import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from lianguan.network.roles import BY_CODE, ROLES
from tests.network.conftest import Seated
from tests.union.hub import Hub, book

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RIGHTS: dict[str, dict[str, str]] = {
    # page → method → duty. Other methods are refused with 405.
    "imports": {"GET": "see_imports"},
    "new_upload": {"GET": "import", "POST": "import"},
    "upload": {"GET": "import", "POST": "import"},
    "delivery": {"GET": "see_imports"},
    "progress": {"GET": "see_imports"},
    "set_aside_list": {"GET": "see_imports"},
    "set_aside_bytes": {"GET": "see_imports"},
    "withdraw": {"GET": "withdraw", "POST": "withdraw"},
    "members": {"GET": "see_imports"},
    "member": {"GET": "see_imports"},
    "health": {"GET": "see_health", "POST": "see_health"},
    "matching": {"GET": "decide"},
    "review": {"GET": "decide", "POST": "decide"},
    "review_pair": {"GET": "decide", "POST": "decide"},
    "review_decided": {"GET": "decide", "POST": "decide"},
    "review_entry": {"GET": "decide", "POST": "decide"},
}


@pytest.fixture
def sent(network: Path, tmp_path: Path) -> str:
    """A delivery of HB; gives its id."""
    (tmp_path / "files").mkdir()
    hub = Hub(tmp_path / "files")
    hub.root = network
    return hub.receive("HB", book("1")).id


def address(name: str, delivery: str) -> str:
    said: dict[str, dict[str, object]] = {
        "upload": {"upload": uuid.uuid4()},
        "member": {"library": "HB"},
        "imports": {}, "new_upload": {}, "members": {}, "health": {}, "matching": {},
        "review": {}, "review_pair": {}, "review_decided": {},
        "review_entry": {"address": "aaaaaaaaaaaaa"},
    }  # fmt: skip
    return reverse(f"catalogue:{name}", kwargs=said.get(name, {"delivery": delivery}))


def test_no_page_is_missing_from_the_table() -> None:
    patterns = get_resolver("lianguan.catalogue.urls").url_patterns
    assert {one.name for one in patterns if isinstance(one, URLPattern)} == set(RIGHTS)


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_who_has_not_signed_in_sees_nothing_and_changes_nothing(name: str, sent: str) -> None:
    for method in METHODS:
        status = Client().generic(method, address(name, sent)).status_code
        is_known = method in RIGHTS[name] or method == "HEAD"
        assert status == (302 if is_known else 405), (name, method)


@pytest.mark.parametrize("role", [role.code for role in ROLES])
@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_a_page_is_for_those_whose_role_has_its_duty(
    name: str, role: str, sent: str, at_work: Seated
) -> None:
    for method in METHODS:
        status = at_work(role).generic(method, address(name, sent)).status_code
        duty = RIGHTS[name].get(method) or (method == "HEAD" and RIGHTS[name]["GET"])
        if not duty:
            assert status == 405, (name, method)
        elif duty in BY_CODE[role].duties:
            assert status not in (403, 405, 500), (name, method)
        else:
            assert status == 403, (name, method)
