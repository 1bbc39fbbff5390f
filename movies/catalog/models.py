import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from movies.catalog.brief import InBrief
from mymovie.addresses import address


class Precision(models.TextChoices):
    """How much of a date is known. What is not known of it stands at 1: a year is its first of January."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Genre(models.Model):
    """One of TMDB's nineteen genres of film; the key is TMDB's."""

    id = models.PositiveIntegerField(primary_key=True)
    name_ja = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ja if get_language() == "ja" else self.name_en


class Person(models.Model):
    """Somebody who made a film. TMDB's key is unknown for those who come from the bundled catalogue."""

    tmdb_id = models.PositiveIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=300)
    name_ja = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="person_name_given")]
        indexes = [models.Index(fields=["name"], name="person_name")]

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        return (self.name_ja or self.name) if get_language() == "ja" else self.name

    @property
    def other_name(self) -> str:
        """The name to stand beneath `local_name`, or "" when it would say the same again."""
        other = self.name if get_language() == "ja" else self.name_ja
        return "" if other == self.local_name else other

    @property
    def other_name_language(self) -> str:
        """What `other_name` is written in, where we know it: a name that is not in Japanese may be in any language."""
        return "" if get_language() == "ja" else "ja"

    def get_absolute_url(self) -> str:
        return address("person", pk=self.pk, slug=self.slug)

    @property
    def slug(self) -> str:
        """As with films: words for the address, the same in each language, and without meaning to us."""
        return slugify(self.name, allow_unicode=True)[:80].strip("-_") or "person"


def date_has_precision(date: str, precision: str, name: str) -> models.CheckConstraint:
    """A date and its precision are known together, and nothing is claimed beyond the precision."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{date}__isnull": True, precision: ""})
        | Q(**{f"{date}__isnull": False, precision: Precision.DAY})
        | Q(**{f"{date}__day": 1, precision: Precision.MONTH})
        | Q(**{f"{date}__day": 1, f"{date}__month": 1, precision: Precision.YEAR}),
    )


def in_the_age_of_film(date: str) -> Q:
    """Walls do arithmetic on dates: none may lie at the end of the calendar."""
    return Q(**{f"{date}__gte": datetime.date(1870, 1, 1), f"{date}__lt": datetime.date(2200, 1, 1)})


class StringToArray(models.Func):
    """The lines of a text: whole titles, in a search text."""

    function = "string_to_array"
    template = "%(function)s(%(expressions)s, E'\\n')"
    output_field = ArrayField(models.TextField())


class Film(InBrief, models.Model):
    """A film and its facts. Two films may share title and year; only the ids tell them apart."""

    tmdb_id = models.PositiveIntegerField(null=True, blank=True, unique=True)
    imdb_id = models.CharField(max_length=12, null=True, blank=True, unique=True)
    wikidata_id = models.CharField(max_length=16, null=True, blank=True, unique=True)

    original_title = models.CharField(max_length=500)
    original_language = models.CharField(max_length=3, blank=True)
    title_ja = models.CharField(max_length=500, blank=True)
    title_en = models.CharField(max_length=500, blank=True)
    title_kana = models.CharField(_("reading"), max_length=500, blank=True)
    overview_ja = models.TextField(blank=True)
    overview_en = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    runtime = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    poster_path = models.CharField(max_length=200, blank=True)
    genres = models.ManyToManyField(Genre, related_name="films", blank=True)

    world_on = models.DateField(_("first release in the world"), null=True, blank=True)
    world_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    japan_on = models.DateField(_("first release in Japan"), null=True, blank=True)
    japan_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    digital_on = models.DateField(_("first digital release in Japan"), null=True, blank=True)

    alternative_titles = ArrayField(models.CharField(max_length=500), default=list, db_default=[], blank=True)
    watch_link = models.CharField(max_length=200, blank=True, db_default="")
    """TMDB's page of where to watch the film in Japan."""
    fame = models.PositiveSmallIntegerField(default=0)
    unverified = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    facts_fetched_at = models.DateTimeField(_("facts fetched from TMDB"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("found to be dropped by TMDB"), null=True, blank=True)
    asked_at = models.DateTimeField(_("TMDB last asked"), null=True, blank=True, editable=False)
    """Whatever the answer was: who has just been asked for in vain waits for a while."""
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    """The film that this one turned out to be; what still stands on this one was on both, and is its owner's to settle."""
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")
        constraints = [
            models.CheckConstraint(condition=~Q(original_title=""), name="film_original_title_given"),
            models.CheckConstraint(condition=Q(imdb_id__regex=r"^tt[0-9]{5,10}$"), name="film_imdb_id_form"),
            models.CheckConstraint(condition=Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"), name="film_wikidata_id_form"),
            models.CheckConstraint(condition=Q(runtime__gt=0), name="film_runtime_positive"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="film_not_merged_into_itself"),
            models.CheckConstraint(condition=in_the_age_of_film("world_on"), name="film_world_date_possible"),
            models.CheckConstraint(condition=in_the_age_of_film("japan_on"), name="film_japan_date_possible"),
            models.CheckConstraint(condition=in_the_age_of_film("digital_on"), name="film_digital_date_possible"),
            date_has_precision("world_on", "world_precision", "film_world_date_precise"),
            date_has_precision("japan_on", "japan_precision", "film_japan_date_precise"),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="film_search_text"),
            # Without a list of what is yet to be sorted in: whoever looks up a thousand titles would read it each time.
            GinIndex(StringToArray("search_text"), name="film_by_whole_title", fastupdate=False),
            models.Index(F("fame").desc(), F("id").desc(), name="film_by_fame", condition=Q(merged_into=None)),
            models.Index(F("japan_on"), F("id"), name="film_by_opening", condition=Q(japan_precision="day")),
            models.Index(F("digital_on"), F("id"), name="film_by_digital", condition=Q(digital_on__isnull=False)),
            models.Index(
                F("facts_fetched_at"), F("id"), name="film_by_age_of_facts", condition=Q(tmdb_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_language(self) -> str:
        """What `title` is written in, where we know it."""
        if get_language() == "ja":
            return "ja" if self.title_ja else self.original_language
        return "en" if self.title_en else self.original_language

    @property
    def overview(self) -> str:
        if get_language() == "ja":
            return self.overview_ja or self.overview_en
        return self.overview_en or self.overview_ja

    @property
    def cinema_on(self) -> datetime.date | None:
        """The day of its opening in Japan's cinemas, where that is known to the day."""
        return self.japan_on if self.japan_precision == Precision.DAY else None


class ReleaseDate(models.Model):
    """One day on which a film came out, or comes out, somewhere."""

    class Source(models.TextChoices):
        TMDB = "tmdb", "TMDB"
        DISTRIBUTOR = "distributor", _("Distributor")

    class Kind(models.IntegerChoices):
        PREMIERE = 1, _("premiere")
        LIMITED = 2, _("cinemas (limited)")
        THEATRICAL = 3, _("cinemas")
        DIGITAL = 4, _("digital")
        PHYSICAL = 5, _("disc")
        TV = 6, _("television")

    film = models.ForeignKey(Film, models.CASCADE, related_name="release_dates")
    country = models.CharField(max_length=2)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    released_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=11, choices=Source, default=Source.TMDB, db_default=Source.TMDB)
    """Where a distributor names a day, that is the one that counts."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["film", "country", "kind", "released_on", "note", "source"], name="release_date_once_a_source"
            ),
            models.CheckConstraint(condition=Q(source__in=["tmdb", "distributor"]), name="release_date_source_known"),
            models.CheckConstraint(condition=Q(kind__gte=1, kind__lte=6), name="release_date_kind_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="release_date_country_form"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.released_on} {self.get_kind_display()}"


class CreditQuerySet(models.QuerySet["Credit"]):
    def billed(self) -> "CreditQuerySet":
        """In the order of the credits, with each person at hand."""
        return self.select_related("person").order_by("position", "pk")


class Credit(models.Model):
    """A person's part in a film: the direction of it, or a role."""

    class Job(models.TextChoices):
        DIRECTOR = "director", _("Director")
        CAST = "cast", _("Cast")

    film = models.ForeignKey(Film, models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, models.CASCADE, related_name="credits")
    job = models.CharField(max_length=8, choices=Job)
    character = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = CreditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["film", "person", "job", "character"], name="credit_once"),
            models.CheckConstraint(condition=Q(job__in=["director", "cast"]), name="credit_job_known"),
        ]
        indexes = [models.Index(F("film"), F("position"), F("id"), name="credit_billing")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.job} {self.film_id}"


class WatchProvider(models.Model):
    """A service that shows, lends or sells films; the key is TMDB's, the data JustWatch's."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    logo_path = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class WatchOffer(models.Model):
    """That a provider has a film in Japan, and how."""

    class Kind(models.TextChoices):
        FLATRATE = "flatrate", _("included")
        FREE = "free", _("free")
        ADS = "ads", _("with advertisements")
        RENT = "rent", _("to rent")
        BUY = "buy", _("to buy")

    film = models.ForeignKey(Film, models.CASCADE, related_name="watch_offers")
    provider = models.ForeignKey(WatchProvider, models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=8, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["film", "provider", "kind"], name="watch_offer_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["flatrate", "free", "ads", "rent", "buy"]), name="watch_offer_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.film_id} {self.provider_id} {self.kind}"


class RequestPace(models.Model):
    """When the next request to a service may start; `mymovie.pace` reads and writes it in one statement."""

    name = models.CharField(max_length=20, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
