"""The network as Django knows it."""

from django.apps import AppConfig


class Network(AppConfig):
    name = "lianguan.network"
    label = "network"

    def ready(self) -> None:
        from lianguan.network.seats import register  # noqa: PLC0415 - models must be there first

        register("network:work", "at_work", "")
        register("network:places", "places", "see_places")
        register("network:staff", "staff", "manage_staff")
