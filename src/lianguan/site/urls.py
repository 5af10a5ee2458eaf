"""Where each page stands."""

from django.urls import include, path

urlpatterns = [path("", include("lianguan.discovery.urls"))]

handler404 = "lianguan.discovery.views.not_found"
handler500 = "lianguan.discovery.views.broken"
