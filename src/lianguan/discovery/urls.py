"""The public's pages. Addresses of entries never change."""

from django.urls import path

from lianguan.discovery import views

app_name = "discovery"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("health", views.health, name="health"),
    path("e/<str:address>", views.entry, name="entry"),
    path("r/<str:library>/<path:number>", views.record, name="record"),
]
