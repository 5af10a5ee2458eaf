"""Addresses of the pages on which staff steer what comes into the catalogue."""

from django.urls import path

from lianguan.catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("work/imports", views.imports, name="imports"),
    path("work/imports/new", views.new_upload, name="new_upload"),
    path("work/uploads/<uuid:upload>", views.upload, name="upload"),
    path("work/imports/<str:delivery>", views.delivery, name="delivery"),
    path("work/imports/<str:delivery>/progress", views.progress, name="progress"),
    path("work/imports/<str:delivery>/set-aside.csv", views.set_aside_list, name="set_aside_list"),
    path("work/imports/<str:delivery>/set-aside", views.set_aside_bytes, name="set_aside_bytes"),
    path("work/imports/<str:delivery>/withdraw", views.withdraw, name="withdraw"),
    path("work/members", views.members, name="members"),
    path("work/members/<str:library>", views.member, name="member"),
    path("work/health", views.health, name="health"),
]
