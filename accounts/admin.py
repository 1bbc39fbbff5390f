from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.people.fields import DisplayNameField


class PersonForm(forms.ModelForm):
    display_name = DisplayNameField(label=User._meta.get_field("display_name").verbose_name)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People come by signing in, and are staff by the provider's group; here they are renamed, hidden or shut out."""

    form = PersonForm
    fields = [
        "handle",
        "display_name",
        "wall_visibility",
        "is_active",
        "is_staff",
        "issuer",
        "subject",
        "joined_at",
        "last_login",
    ]
    readonly_fields = ["handle", "is_staff", "issuer", "subject", "joined_at", "last_login"]
    list_display = ["handle", "display_name", "wall_visibility", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff", "wall_visibility"]
    search_fields = ["handle__startswith", "display_name__icontains", "subject__exact"]
    ordering = ["-joined_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        obj.save(update_fields=form.changed_data)  # the rest may have changed since it was read: the revision above all
        User.objects.raise_wall_revision([obj.pk], is_public=True)
