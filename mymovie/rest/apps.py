from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "mymovie.rest"
    label = "rest"
