"""The catalogue's pages as Django knows them."""

from django.apps import AppConfig


class Catalogue(AppConfig):
    name = "lianguan.catalogue"
    label = "catalogue"
