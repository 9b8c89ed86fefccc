"""The site, and beside it the empty page that pages are held against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with the frame alone: what log-in, menu and middleware cost by themselves."""
    return render(request, "base.html")


urlpatterns = [path("empty", empty), path("", include("tasks_app.urls"))]
