from django.urls import path

from accounts.mail import hooks

urlpatterns = [path("hooks/mail-events/", hooks.mail_events, name="mail_events")]
