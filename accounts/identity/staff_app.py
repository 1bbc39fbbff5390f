from django.contrib.admin.apps import AdminConfig


class StaffAppConfig(AdminConfig):
    """Stands in INSTALLED_APPS for "django.contrib.admin"."""

    default_site = "accounts.identity.staff_site.StaffSite"
