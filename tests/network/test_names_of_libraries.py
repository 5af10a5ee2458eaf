"""What a library is called: the same for those who work there and for readers, at once."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.network import world
from tests.network.conftest import Seated
from tests.union.hub import Hub, book

NEW = "济南市图书馆（总馆）"


@pytest.fixture
def hub(network: Path) -> Hub:
    """The catalogue of the hub, with records of JN."""
    made = Hub(network.parent)
    made.root = network
    made.send("JN", book("1"))
    return made


def rename(client: Client, code: str, name: str) -> None:
    page = reverse("network:place", args=[world.place(code)])
    assert client.post(page, {"name": name}).status_code == 302


def called(reader: Client) -> bool:
    return NEW in reader.get("/m/JN").content.decode()


def test_readers_see_the_new_name_of_a_library_at_once_and_after_its_next_delivery(
    hub: Hub, at_work: Seated, reader: Client
) -> None:
    kept = reader.get("/m/JN").headers["ETag"]
    rename(at_work("hub"), "JN", NEW)
    assert called(reader)
    assert reader.get("/m/JN", headers={"if-none-match": kept}).status_code == 200
    hub.send("JN", book("2", title="人生"))
    assert called(reader)
    hub.rebuild()
    assert called(reader)


def test_a_delivery_that_waited_meanwhile_does_not_bring_the_old_name_back(
    hub: Hub, at_work: Seated, reader: Client
) -> None:
    hub.receive("JN", book("2", title="人生"))
    rename(at_work("hub"), "JN", NEW)
    hub.send("HB", book("1"))  # whoever builds next loads what waits
    assert len(hub.sources().imports("JN")) == 2
    assert called(reader)


def test_who_makes_a_place_of_a_library_with_records_gives_it_its_name(
    hub: Hub, at_work: Seated, reader: Client
) -> None:
    hub.send("QH", book("1"))
    form = {"list": "青海省图书馆\tQH", "under": str(world.place("HUB"))}
    assert at_work("hub").post(reverse("network:add_places"), form).status_code == 302
    assert "青海省图书馆" in reader.get("/m/QH").content.decode()


def test_a_library_that_has_sent_nothing_is_not_said_to_have(
    network: Path, at_work: Seated
) -> None:
    rename(at_work("hub"), "MY", "门源回族自治县图书馆")
    assert not (network / "sources" / "MY").exists()
