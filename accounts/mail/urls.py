from django.urls import path

from accounts.mail import hooks, views

# Outside of the languages: whoever opens these has one of their own, or none.
urlpatterns = [
    path("hooks/mail-events/", hooks.mail_events, name="mail_events"),
    path("unsubscribe/<token>/", views.unsubscribe, name="unsubscribe"),
]
