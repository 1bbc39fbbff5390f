from django.urls import path

from movies.catalog import views

urlpatterns = [
    path("posters/<int:pk>-<slug:version>.<str:language>.svg", views.drawn_poster, name="drawn_poster"),
]
