"""Where each page stands."""

from django.urls import include, path

from lianguan.site import first
from lianguan.site.middleware import earlier

urlpatterns = [
    path("", first.home),
    path("static/<str:then>/<path:name>", earlier),
    path("", include("lianguan.network.urls")),
    path("", include("lianguan.catalogue.urls")),
    path("", include("lianguan.discovery.urls")),
]

handler400 = "lianguan.site.errors.not_understood"
handler404 = "lianguan.discovery.views.not_found"
handler500 = "lianguan.site.errors.broken"
