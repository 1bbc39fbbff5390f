"""The worker's address has no language: it serves the whole site, and only what lies below it."""

from django.urls import path

from mymovie.offline import views

urlpatterns = [path("service-worker.js", views.service_worker, name="service_worker")]
