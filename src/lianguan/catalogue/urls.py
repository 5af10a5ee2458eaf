"""Addresses of the pages on which staff steer what comes into the catalogue."""

from django.urls import path

from lianguan.catalogue import review_views, views

app_name = "catalogue"

urlpatterns = [
    path("staff/imports", views.imports, name="imports"),
    path("staff/imports/new", views.new_upload, name="new_upload"),
    path("staff/imports/uploads/<uuid:upload>", views.upload, name="upload"),
    path("staff/imports/<str:delivery>", views.delivery, name="delivery"),
    path("staff/imports/<str:delivery>/progress", views.progress, name="progress"),
    path("staff/imports/<str:delivery>/set-aside.csv", views.set_aside_list, name="set_aside_list"),
    path("staff/imports/<str:delivery>/set-aside", views.set_aside_bytes, name="set_aside_bytes"),
    path("staff/imports/<str:delivery>/withdraw", views.withdraw, name="withdraw"),
    path("staff/members", views.members, name="members"),
    path("staff/members/<str:library>", views.member, name="member"),
    path("staff/health", views.health, name="health"),
    path("staff/review/matching", review_views.health_of_matching, name="matching"),
    path("staff/review", review_views.queue, name="review"),
    path("staff/review/pair", review_views.two_records, name="review_pair"),
    path("staff/review/decided", review_views.decided, name="review_decided"),
    path("staff/review/entry/<str:address>", review_views.entry, name="review_entry"),
]
