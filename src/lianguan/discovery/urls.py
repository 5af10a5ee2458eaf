"""The public's pages. Addresses of entries and members never change."""

from django.urls import path

from lianguan.discovery import views

app_name = "discovery"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("tips", views.tips, name="tips"),
    path("about", views.about, name="about"),
    path("health", views.health, name="health"),
    path("e/<str:address>", views.entry, name="entry"),
    path("m/<str:code>", views.member, name="member"),
    path("r/<str:library>/<path:number>", views.record, name="record"),
]
