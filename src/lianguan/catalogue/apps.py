"""The catalogue's pages as Django knows them."""

from django.apps import AppConfig


class Catalogue(AppConfig):
    name = "lianguan.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from lianguan.network.seats import register  # noqa: PLC0415 - once its models are there

        register("catalogue:imports", "imports", "see_imports")
        register("catalogue:review", "review", "decide")
        register("catalogue:members", "members_staff", "see_imports")
        register("catalogue:health", "health", "see_health")
