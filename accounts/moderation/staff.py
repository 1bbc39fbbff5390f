"""What the pages of staff have in common: lists that stay fast, and changes that say why."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.moderation.models import StaffAction, Subject
from accounts.people.models import User
from accounts.requests import SignedInRequest
from mymovie.folding import END, indexable, normalise

MOST_COUNTED = 5000
LONGEST_REASON = 1000
ACTS_SHOWN = 20


class ShortCount(Paginator):
    """Counts no further than MOST_COUNTED, and has no pages beyond: whoever wants to go there searches."""

    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        return self.object_list[: MOST_COUNTED + 1].count()


class Outstanding(admin.SimpleListFilter):
    """What staff have shut or hidden is little, and has an index of its own."""

    column: str

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{f"{self.column}__isnull": False}) if self.value() == "yes" else queryset


def why_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=AdminTextareaWidget(attrs={"rows": 3}), **kwargs
    )


class WhyForm(forms.ModelForm):
    """Nothing is changed without a reason. `changes` are the fields that were changed since the form was shown: what a
    colleague has done meanwhile stays."""

    why = why_field(required=False, help_text=_("Kept with what you change, under your name."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> None:
        super().clean()
        if set(self.changed_data) - {"why"} and not self.cleaned_data.get("why"):
            self.add_error("why", _("Say why you change this."))

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "why"}


class StaffAdmin(admin.ModelAdmin):
    """Staff look at what is `shown`, and change what is `changeable` through `act`, which calls the service that
    records it. `subject` is what their acts on such a row are kept under."""

    shown: list[str]
    changeable: list[str] = []
    subject: Subject | None = None

    ordering = ["-pk"]
    sortable_by = ()
    list_per_page = 50
    paginator = ShortCount
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def act(self, actor: User, row: Any, changes: dict[str, Any], reason: str) -> None:
        raise NotImplementedError

    def save_model(self, request: SignedInRequest, obj: Model, form: WhyForm, change: bool) -> None:  # type: ignore[override]
        if form.changes:
            self.act(request.user, obj, form.changes, form.cleaned_data["why"])

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        asked = [*self.changeable, "why"] if self.changeable else []
        return [*self.shown, *asked, *(["acts"] if self.subject else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*self.shown, "acts"]

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override]
        """The act itself is the record; Django's own would name people beyond the end of their account."""

    @admin.display(description=_("What staff have done"))
    def acts(self, row: Model) -> str:
        acts = StaffAction.objects.filter(subject=self.subject, subject_id=row.pk).order_by("-pk")[:ACTS_SHOWN]
        lines = (
            (
                date_format(timezone.localtime(act.acted_at), "SHORT_DATETIME_FORMAT"),
                act.actor_handle,
                act.get_kind_display(),
                act.reason,
            )
            for act in acts
        )
        return format_html_join(mark_safe("<br>"), "{} @{} {}: {}", lines) or "–"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: object = None) -> HttpResponse:
        """All of it, in the list of what staff have done."""
        if self.subject is None:
            raise Http404
        asked = urlencode({"subject__exact": self.subject, "subject_id__exact": object_id})
        return redirect(f"{reverse('admin:accounts_staffaction_changelist')}?{asked}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.changeable) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def in_search_text(words: str) -> Q:
    """By name or title as the site looks for it, so that its index is used: it finds three characters or more, and of
    fewer the beginning."""
    folded = indexable(normalise(words))
    if not folded:
        return Q(pk__in=[])
    return Q(search_text__contains=folded if len(folded) > 2 else END + folded)
