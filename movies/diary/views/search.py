from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "movies/diary/search.html", {})


def tmdb_results(request: HttpRequest) -> HttpResponse:
    return render(request, "movies/diary/_tmdb_results.html", {})
