from django.urls import re_path

from accounts.people.views.avatars import avatar

urlpatterns = [
    re_path(r"^media/avatars/(?P<token>[0-9a-f]{32})-(?P<size>64|128|512)\.webp$", avatar, name="avatar"),
]
