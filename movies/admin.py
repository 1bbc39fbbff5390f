from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Report, User, Visibility
from accounts.moderation.models import Subject
from accounts.moderation.staff import Outstanding, StaffAdmin, WhyForm, in_search_text, why_field
from accounts.people import handles
from accounts.requests import SignedInRequest
from movies.catalog import tmdb
from movies.diary import merging, moderation
from movies.diary.models import Audience
from movies.imports.admin import BatchAdmin
from movies.models import Batch, Entry, Film, Person, ReleaseDate, Sheet
from movies.releases.admin import SheetAdmin


class FilmSelect(AutocompleteSelect):
    url_name = "%s:movies_film_choices"

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Django's own fails on what is no number when it shows the form again."""
        return super().optgroups(name, [pk for pk in value if pk.isdecimal()], attr)


class FilmChoices(AutocompleteJsonView):
    """Films to merge into, told apart: two of them may share a title."""

    def get_queryset(self) -> QuerySet[Film]:
        films: QuerySet[Film] = super().get_queryset()
        return films.filter(merged_into=None)

    def serialize_result(self, obj: Film, to_field_name: str) -> dict[str, str]:  # type: ignore[override]
        return {"id": str(obj.pk), "text": f"{obj} · {obj.year or '–'} · {obj.pk}"}


class ReasonForm(forms.Form):
    why = why_field()


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(
        label=gettext_lazy("The film that is kept"),
        queryset=Film.objects.all(),
        widget=FilmSelect(Film._meta.get_field("merged_into"), admin.site),
    )
    field_order = ["into", "why"]


@admin.register(Film)
class FilmAdmin(StaffAdmin):
    """Films come from the catalogue and from TMDB: staff merge those that are one, and have facts fetched anew."""

    subject = Subject.FILM
    shown = [
        *(
            "title_ja",
            "title_en",
            "original_title",
            "title_kana",
            "world_on",
            "japan_on",
            "digital_on",
            "announced",
            "country",
            "runtime",
        ),
        *(
            "tmdb_id",
            "imdb_id",
            "wikidata_id",
            "facts_fetched_at",
            "asked_at",
            "dropped_at",
            "unverified",
            "merged_into",
        ),
    ]
    list_display = ["pk", "title_ja", "original_title", "world_on", "japan_on", "tmdb_id", "merged_into"]
    list_display_links = ["pk", "original_title"]
    list_select_related = ["merged_into"]
    list_filter = [("merged_into", admin.EmptyFieldListFilter), ("tmdb_id", admin.EmptyFieldListFilter)]
    search_fields = ["search_text"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Film], search_term: str
    ) -> tuple[QuerySet[Film], bool]:
        """By title, or by an id."""
        if not search_term:
            return queryset, False
        found = in_search_text(search_term)
        if search_term.isalnum():
            found |= Q(imdb_id=search_term) | Q(wikidata_id=search_term)
        if search_term.isdecimal():
            found |= Q(pk=search_term) | Q(tmdb_id=search_term)
        return queryset.filter(found), False

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        choices = FilmChoices.as_view(admin_site=self.admin_site)
        return [
            path("choices/", inside(choices), name="movies_film_choices"),
            path("<int:pk>/merge/", inside(self.merge), name="movies_film_merge"),
            path("<int:pk>/refresh/", inside(self.refresh), name="movies_film_refresh"),
            path("<int:pk>/withdraw/<int:kind>/", inside(self.withdraw), name="movies_film_withdraw"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {"tmdb_is_enabled": tmdb.is_enabled()})

    def merge(self, request: SignedInRequest, pk: int) -> HttpResponse:
        film = get_object_or_404(Film, pk=pk)
        form = MergeForm(request.POST or None)
        if form.is_valid():
            into = form.cleaned_data["into"]
            try:
                merging.merge_films(actor=request.user, film=film, into=into, reason=form.cleaned_data["why"])
            except merging.MergeError as error:
                form.add_error("into", str(error.message))
            else:
                messages.success(request, _("“%(title)s” leads here from now on.") % {"title": film.title})
                return redirect("admin:movies_film_change", into.pk)
        return self.ask(request, film, form, title=_("Merge into another film"))

    def refresh(self, request: SignedInRequest, pk: int) -> HttpResponse:
        film = get_object_or_404(Film, pk=pk)
        if film.tmdb_id is None or not tmdb.is_enabled():
            raise Http404
        form = ReasonForm(request.POST or None, initial={"why": _("Its facts were out of date.")})
        if not form.is_valid():
            return self.ask(request, film, form, title=_("Refresh from TMDB"))
        try:
            facts = tmdb.for_pages.film(film.tmdb_id, is_kept_enough=False)
        except tmdb.NotFound:
            messages.error(request, _("TMDB has no film of this number any more."))
        except tmdb.TmdbError:
            messages.error(request, _("TMDB does not answer just now. Please try again in a minute."))
        else:
            reason = form.cleaned_data["why"]
            moderation.refresh_film(actor=request.user, film=film, facts=facts, reason=reason)
            messages.success(request, _("The facts are those of TMDB now."))
        return redirect("admin:movies_film_change", film.pk)

    @admin.display(description=gettext_lazy("announced by distributors"))
    def announced(self, film: Film) -> str:
        days = film.release_dates.filter(source=ReleaseDate.Source.DISTRIBUTOR).order_by("kind", "released_on", "pk")
        lines = (
            (
                day.get_kind_display(),
                date_format(day.released_on),
                reverse("admin:movies_film_withdraw", args=[film.pk, day.kind]),
                _("Withdraw"),
            )
            for day in days
        )
        return format_html_join(mark_safe("<br>"), '{} {} · <a href="{}">{}</a>', lines) or "–"

    def withdraw(self, request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
        announced = ReleaseDate.objects.filter(film=pk, kind=kind, source=ReleaseDate.Source.DISTRIBUTOR)
        day = announced.select_related("film").order_by("pk").first()
        if day is None:
            raise Http404
        form = ReasonForm(request.POST or None)
        if not form.is_valid():
            said = {"kind": day.get_kind_display(), "day": date_format(day.released_on)}
            return self.ask(request, day.film, form, title=_("Withdraw %(day)s (%(kind)s)") % said)
        reason = form.cleaned_data["why"]
        moderation.withdraw_day(actor=request.user, film=day.film, kind=ReleaseDate.Kind(kind), reason=reason)
        messages.success(request, _("The distributor’s date is withdrawn."))
        return redirect("admin:movies_film_change", pk)

    def ask(self, request: SignedInRequest, film: Film, form: ReasonForm, *, title: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"title": title, "film": film, "form": form}
        return render(request, "admin/movies/film/act.html", context, status=400 if form.is_bound else 200)


admin.site.register(Batch, BatchAdmin)
admin.site.register(Sheet, SheetAdmin)


@admin.register(Person)
class PersonAdmin(StaffAdmin):
    shown = ["name", "name_ja", "tmdb_id"]
    list_display = ["pk", "name", "name_ja", "tmdb_id"]
    list_display_links = ["pk", "name"]
    search_fields = ["name"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """By how the name begins, first name and last in one: an index finds that."""
        return queryset.filter(name__startswith=search_term), False


class EntryForm(WhyForm):
    is_hidden = forms.BooleanField(label=gettext_lazy("hidden by staff"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_hidden"] = self.instance.hidden_at is not None


class Hidden(Outstanding):
    title = gettext_lazy("hidden by staff")
    parameter_name = "hidden"
    column = "hidden_at"


@admin.register(Entry)
class EntryAdmin(StaffAdmin):
    """What its owner shows to everybody, also where staff have hidden it."""

    form = EntryForm
    subject = Subject.ENTRY
    shown = ["owner", "film", "score", "visibility", "recorded_at", "read_review", "hidden_at", "deleted_at"]
    changeable = ["is_hidden"]
    list_display = ["pk", "owner", "film", "score", "recorded_at", "hidden_at"]
    list_filter = [Hidden]
    list_select_related = ["owner", "film"]
    search_fields = ["owner__handle"]
    search_help_text = "@handle"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        public = Q(visibility=Visibility.PUBLIC, owner__wall_visibility=Visibility.PUBLIC)
        entries: QuerySet[Entry] = super().get_queryset(request).filter(public, deleted_at=None)
        return entries

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Entry | None:
        """Also what somebody saw and has reported, whoever sees it now."""
        if entry := super().get_object(request, object_id, from_field):
            return entry
        reports = Report.objects.filter(subject=Subject.ENTRY, subject_id=OuterRef("pk"))
        reported = Entry.objects.filter(Exists(reports)).select_related("owner", "film")
        return reported.filter(pk=object_id).first() if object_id.isdecimal() else None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        handle = handles.tidy(search_term)
        if not handle:
            return queryset, False
        return queryset.filter(owner__handle=handle) if handles.is_possible(handle) else queryset.none(), False

    @admin.display(description=gettext_lazy("review"))
    def read_review(self, entry: Entry) -> str:
        """As it was typed; of one that is for its owner alone nothing."""
        if not entry.review or entry.review_audience == Audience.OWNER:
            return "–"
        return entry.review

    def act(self, actor: User, row: Entry, changes: dict[str, Any], reason: str) -> None:
        hide_or_show = moderation.hide_entry if changes["is_hidden"] else moderation.show_entry
        hide_or_show(actor=actor, entry=row, reason=reason)
