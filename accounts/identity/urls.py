from django.urls import path

from accounts.identity.views import leaving, signing, tokens

urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/callback", signing.sign_in_callback, name="sign_in_callback"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("welcome/", signing.welcome, name="welcome"),
    path("welcome-back/", signing.welcome_back, name="welcome_back"),
    path("settings/account/delete/", leaving.delete_account, name="delete_account"),
    path("settings/tokens/", tokens.token_settings, name="token_settings"),
    path("settings/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("goodbye/", leaving.goodbye, name="goodbye"),
]
