"""The root address list; the site map is tasks_app/urls.py."""

from django.urls import include, path

urlpatterns = [path("", include("tasks_app.urls"))]
handler400 = "tasks_app.views.errors.bad_request"
handler404 = "tasks_app.views.errors.not_found"
handler403 = "tasks_app.views.errors.forbidden"
handler500 = "tasks_app.views.errors.server_error"
