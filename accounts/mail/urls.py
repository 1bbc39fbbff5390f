from django.urls import path

from accounts.mail import views

# Outside of the languages: whoever opens these has one of their own, or none.
urlpatterns = [
    path("unsubscribe/<token>/", views.unsubscribe, name="unsubscribe"),
]
