"""Pages for those who work here."""

from django.urls import path

from lianguan.network import place_views, setup_views, staff_views, views

app_name = "network"
urlpatterns = [
    path("setup", setup_views.found, name="setup"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("staff", views.work, name="work"),
    path("staff/password", views.password, name="password"),
    path("staff/places", place_views.places, name="places"),
    path("staff/places/check", place_views.check, name="check_places"),
    path("staff/places/add", place_views.add, name="add_places"),
    path("staff/places/<uuid:place>", place_views.place, name="place"),
    path("staff/people", staff_views.staff, name="staff"),
    path("staff/people/add", staff_views.add, name="add_staff"),
    path("staff/people/<uuid:staff>", staff_views.one, name="one_staff"),
    path("staff/people/<uuid:staff>/appoint", staff_views.appoint, name="appoint"),
    path("staff/people/<uuid:staff>/end/<uuid:appointment>", staff_views.end, name="end"),
    path("staff/people/<uuid:staff>/password", staff_views.password, name="new_password"),
    path("staff/people/<uuid:staff>/deactivate", staff_views.deactivate, name="deactivate"),
    path("staff/people/<uuid:staff>/activate", staff_views.activate, name="activate"),
]
