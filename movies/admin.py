from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from movies.diary.models import EntryQuerySet
from movies.models import Entry, Film, Person
from mymovie.folding import indexable, normalise


class ReadOnlyAdmin(admin.ModelAdmin):
    """Films come from the catalogue and from TMDB, entries from their owners: staff look, and change nothing."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Film)
class FilmAdmin(ReadOnlyAdmin):
    list_display = ["pk", "title_ja", "original_title", "world_on", "japan_on", "tmdb_id", "dropped_at"]
    list_display_links = ["pk", "original_title"]
    list_filter = [("dropped_at", admin.EmptyFieldListFilter), ("tmdb_id", admin.EmptyFieldListFilter)]
    search_fields = ["search_text", "imdb_id", "wikidata_id"]
    ordering = ["-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Film], search_term: str
    ) -> tuple[QuerySet[Film], bool]:
        """By title as the site looks for it, so that its index is used, or by an id."""
        if not search_term:
            return queryset, False
        found = Q(imdb_id=search_term) | Q(wikidata_id=search_term)
        if words := indexable(normalise(search_term)):
            found |= Q(search_text__contains=words)
        return queryset.filter(found), False


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["pk", "name", "name_ja", "tmdb_id"]
    list_display_links = ["pk", "name"]
    search_fields = ["name__startswith", "name_ja__startswith"]
    ordering = ["-pk"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """What anybody may see: what is private stays so."""

    list_display = ["pk", "owner", "film", "score", "recorded_at"]
    list_select_related = ["owner", "film"]
    search_fields = ["owner__handle__exact"]
    search_help_text = "@handle"
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> EntryQuerySet:
        return Entry.objects.seen_by(AnonymousUser())
