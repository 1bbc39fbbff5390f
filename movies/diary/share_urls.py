"""What other apps share comes to an address without a language."""

from django.urls import path

from movies.diary.views import shares

urlpatterns = [path("share/", shares.share, name="share")]
