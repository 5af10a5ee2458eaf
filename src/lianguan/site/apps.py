"""The site's own application: its base template, and the words of all packages."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lianguan.site"
    label = "lianguan_site"

    def ready(self) -> None:
        from lianguan.site import wording  # noqa: F401, PLC0415 - makes them known
