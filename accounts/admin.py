from collections.abc import Callable
from typing import Any

import structlog
from csp.constants import NONCE
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.mail import services as mail
from accounts.mail.models import State
from accounts.models import ContactMessage, Notice, Report, StaffAction, User
from accounts.moderation import services
from accounts.moderation.models import Status, Subject
from accounts.moderation.staff import MOST_COUNTED, Outstanding, StaffAdmin, WhyForm, in_search_text
from accounts.people.fields import BioField, DisplayNameField, WebAddressField
from accounts.requests import SignedInRequest
from mymovie import letters

log = structlog.get_logger(__name__)


class PersonForm(WhyForm):
    display_name = DisplayNameField(label=User._meta.get_field("display_name").verbose_name)
    bio = BioField(label=User._meta.get_field("bio").verbose_name)
    url = WebAddressField(label=User._meta.get_field("url").verbose_name)
    removes_picture = forms.BooleanField(label=_("take the picture away"), required=False)
    is_suspended = forms.BooleanField(label=_("is suspended"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_suspended"] = self.instance.suspended_at is not None

    def clean_is_suspended(self) -> bool:
        is_suspended: bool = self.cleaned_data["is_suspended"]
        if is_suspended and self.instance.is_staff:
            raise ValidationError(_("Staff cannot be suspended. Take them out of the provider’s group first."))
        return is_suspended


class Suspended(Outstanding):
    title = _("is suspended")
    parameter_name = "suspended"
    column = "suspended_at"


@admin.register(User)
class UserAdmin(StaffAdmin):
    """People come by signing in, and are staff by the provider's group."""

    form = PersonForm
    subject = Subject.PROFILE
    shown = ["handle", "wall", "picture", "wall_visibility", "is_staff", "joined_at", "suspended_at"]
    changeable = ["display_name", "bio", "url", "removes_picture", "is_suspended"]
    list_display = ["handle", "display_name", "wall_visibility", "is_active", "is_staff", "joined_at"]
    list_filter = [Suspended]
    search_fields = ["search_text"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return queryset.filter(in_search_text(search_term)) if search_term else queryset, False

    def act(self, actor: User, row: User, changes: dict[str, Any], reason: str) -> None:
        is_suspended = changes.pop("is_suspended", None)
        if is_suspended is not None:
            suspend_or_lift = services.suspend if is_suspended else services.lift
            suspend_or_lift(actor=actor, person=row, reason=reason)
        removes_picture = changes.pop("removes_picture", False)
        services.clean_profile(actor=actor, person=row, changes=changes, removes_picture=removes_picture, reason=reason)

    @admin.display(description=_("wall"))
    def wall(self, person: User) -> str:
        address = reverse("wall", args=[person.handle])
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description=_("picture"))
    def picture(self, person: User) -> str:
        if not person.avatar:
            return "–"
        return format_html(
            '<img src="{}" width="128" height="128" alt="">', reverse("avatar", args=[person.avatar, 128])
        )


class JudgementForm(WhyForm):
    """What has been judged may be judged anew, but is new no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status != Status.NEW:
            self.fields["status"].choices = Status.choices[1:]  # type: ignore[attr-defined]


@admin.register(Report)
class ReportAdmin(StaffAdmin):
    form = JudgementForm
    subject = Subject.REPORT
    shown = ["thing", "person", "reporter", "reason", "text", "reported_at"]
    changeable = ["status"]
    list_display = ["pk", "thing", "person", "reason", "reporter", "reported_at", "status"]
    list_filter = ["status"]
    list_select_related = ["person", "reporter"]

    def act(self, actor: User, row: Report, changes: dict[str, Any], reason: str) -> None:
        services.judge(actor=actor, report=row, status=changes["status"], reason=reason)

    @admin.display(description=_("what it is about"))
    def thing(self, report: Report) -> str:
        page = "admin:movies_entry_change" if report.subject == Subject.ENTRY else "admin:accounts_user_change"
        return format_html(
            '<a href="{}">{} {}</a>',
            reverse(page, args=[report.subject_id]),
            report.get_subject_display(),
            report.subject_id,
        )


@admin.register(ContactMessage)
class ContactMessageAdmin(StaffAdmin):
    form = WhyForm
    subject = Subject.CONTACT
    shown = ["category", "email", "sender", "text", "language", "written_at", "mailed_at"]
    changeable = ["status"]
    list_display = ["pk", "category", "email", "sender", "written_at", "status"]
    list_filter = ["status"]
    list_select_related = ["sender"]

    def act(self, actor: User, row: ContactMessage, changes: dict[str, Any], reason: str) -> None:
        services.answer(actor=actor, message=row, status=changes["status"], reason=reason)


@admin.register(StaffAction)
class StaffActionAdmin(StaffAdmin):
    shown = ["acted_at", "actor", "actor_handle", "kind", "subject", "subject_id", "reason", "details"]
    list_display = ["pk", "acted_at", "actor_handle", "kind", "subject", "subject_id", "reason"]
    list_filter = ["kind", "subject"]


@admin.register(Notice)
class NoticeAdmin(StaffAdmin):
    """What has become of our mail. To which address it went is nobody's business here."""

    shown = ["recipient", "kind", "state", "why", "created_at", "claimed_at", "sent_at", "not_after", "service_id"]
    list_display = ["pk", "kind", "recipient", "state", "why", "created_at", "sent_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["recipient"]
    actions = ["send_again", "was_sent"]  # type: ignore[assignment]

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path("letters/<slug:name>/<slug:language>/", inside(self.letter), name="accounts_notice_letter"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = [
            (state, Notice.objects.filter(state=state).order_by("-pk")[: MOST_COUNTED + 1].count()) for state in State
        ]
        return super().changelist_view(
            request,
            {
                "states": [(state, min(count, MOST_COUNTED), count > MOST_COUNTED) for state, count in counts],
                "samples": letters.SAMPLES,
                "written_in": settings.LANGUAGES,
            },
        )

    @admin.action(description=_("Was not sent: send again"), permissions=["view"])
    def send_again(self, request: SignedInRequest, chosen: QuerySet[Notice]) -> None:
        count = self.judge(request, chosen, mail.send_again)
        said = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        messages.success(request, said % {"count": count})

    @admin.action(description=_("Was sent"), permissions=["view"])
    def was_sent(self, request: SignedInRequest, chosen: QuerySet[Notice]) -> None:
        count = self.judge(request, chosen, mail.was_sent)
        said = ngettext("%(count)d mail is taken as sent.", "%(count)d mails are taken as sent.", count)
        messages.success(request, said % {"count": count})

    def judge(self, request: SignedInRequest, chosen: QuerySet[Notice], act: Callable[[Notice], bool]) -> int:
        """Only what is in doubt can be judged; says of how many."""
        judged = [notice.pk for notice in chosen.filter(state=State.IN_DOUBT) if act(notice)]
        log.info("notices.judged", act=act.__name__, notices=judged, staff=request.user.pk)
        return len(judged)

    @method_decorator(csp_update({"style-src": NONCE}))
    def letter(self, request: HttpRequest, name: str, language: str) -> HttpResponse:
        """A sample, as it is read in mail programs. What it looks like stands in itself, which our pages forbid."""
        if name not in letters.SAMPLES or language not in dict(settings.LANGUAGES):
            raise Http404
        letter = letters.sample(name, language)
        context = self.admin_site.each_context(request) | {
            "title": letter.subject,
            "letter": letter,
            "html": letter.html.replace("<style>", f'<style nonce="{request.csp_nonce}">', 1),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/accounts/notice/letter.html", context)
