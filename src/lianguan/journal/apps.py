"""The journal as Django knows it."""

from django.apps import AppConfig


class Journal(AppConfig):
    name = "lianguan.journal"
    label = "journal"
