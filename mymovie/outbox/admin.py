from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mymovie.outbox import services
from mymovie.outbox.models import Message, Run


class LookedAt(admin.ModelAdmin):
    show_full_result_count = False
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(LookedAt):
    """What waits for its queue, and what the queue has refused for good."""

    list_display = ["pk", "task", "queue", "available_at", "attempts", "last_error", "dead_at"]
    list_filter = [("dead_at", admin.EmptyFieldListFilter), "queue"]
    ordering = ["-pk"]
    actions = ["send_again"]

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        dead = chosen.filter(dead_at__isnull=False)
        for message in dead:
            services.send_again(message)
        said = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", len(dead))
        messages.success(request, said % {"count": len(dead)})


@admin.register(Run)
class RunAdmin(LookedAt):
    """When each periodic job ran last, how long it took, and what went wrong."""

    list_display = ["job", "slot", "started_at", "seconds", "error"]
    list_filter = ["job"]
    ordering = ["-started_at", "-pk"]

    @admin.display(description=_("seconds"))
    def seconds(self, run: Run) -> str:
        return f"{(run.ended_at - run.started_at).total_seconds():.1f}" if run.ended_at else "…"
