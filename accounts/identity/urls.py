from django.urls import path

from accounts.identity import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/callback", views.sign_in_callback, name="sign_in_callback"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("welcome/", views.welcome, name="welcome"),
]
