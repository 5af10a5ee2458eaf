"""The site's own application: its base template."""

from django.apps import AppConfig

from lianguan.engine.sentences import add_words

WITH_WORDS = ("lianguan.site", "lianguan.discovery", "lianguan.catalogue", "lianguan.network")


class SiteConfig(AppConfig):
    name = "lianguan.site"
    label = "lianguan_site"

    def ready(self) -> None:
        for package in WITH_WORDS:
            add_words(package)
