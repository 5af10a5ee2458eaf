"""The site's own application: its base template."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lianguan.site"
    label = "lianguan_site"
