from django.urls import path

from accounts.moderation import views

urlpatterns = [
    path("@<handle:handle>/report/profile/", views.report_profile, name="report_profile"),
    path("@<handle:handle>/report/wall/", views.report_wall, name="report_wall"),
]
