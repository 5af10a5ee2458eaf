"""Pages for those who work here."""

from django.urls import path

from lianguan.network import place_views, setup_views, staff_views, views

app_name = "network"
urlpatterns = [
    path("setup", setup_views.found, name="setup"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("work", views.work, name="work"),
    path("work/password", views.password, name="password"),
    path("work/places", place_views.places, name="places"),
    path("work/places/check", place_views.check, name="check_places"),
    path("work/places/add", place_views.add, name="add_places"),
    path("work/places/<uuid:place>", place_views.place, name="place"),
    path("work/staff", staff_views.staff, name="staff"),
    path("work/staff/add", staff_views.add, name="add_staff"),
    path("work/staff/<uuid:staff>", staff_views.one, name="one_staff"),
    path("work/staff/<uuid:staff>/appoint", staff_views.appoint, name="appoint"),
    path("work/staff/<uuid:staff>/end/<uuid:appointment>", staff_views.end, name="end"),
    path("work/staff/<uuid:staff>/password", staff_views.password, name="new_password"),
    path("work/staff/<uuid:staff>/deactivate", staff_views.deactivate, name="deactivate"),
    path("work/staff/<uuid:staff>/activate", staff_views.activate, name="activate"),
]
