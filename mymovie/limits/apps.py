from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "mymovie.limits"
    label = "limits"
