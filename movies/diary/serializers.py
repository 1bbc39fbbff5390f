"""What the API says of what people do with films, and what it takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User, Visibility
from accounts.people.serializers import HANAKO, AsTyped, PersonSerializer, person_said
from movies.catalog.elsewhere import Hit
from movies.catalog.models import Film
from movies.catalog.serializers import (
    FACTS_OF_JAWS,
    JAWS,
    SPIRITED_AWAY,
    FilmFactsSerializer,
    FilmSerializer,
    HitSerializer,
    film_said,
)
from movies.catalog.tmdb import LAST_PAGE
from movies.diary import tags
from movies.diary.comparison import Comparison
from movies.diary.forms import WordsField, validate_watched_on, validate_words
from movies.diary.listing import EntryRow
from movies.diary.marks import Marks
from movies.diary.models import Audience, Entry, Wish
from movies.diary.reception import reception
from movies.diary.wishing import REMINDERS
from mymovie.rest.conditional import digest
from mymovie.rest.fields import Id, Moment, Switch

ON_THE_WALL = {
    "id": "52011",
    "film": JAWS,
    "score": 92,
    "watched_on": "2026-11-20",
    "recorded_at": "2026-11-21T03:12:45Z",
    "visibility": "public",
}
MY_WISH = {
    "wished_at": "2026-11-20T10:02:00Z",
    "reminds_of_cinema": True,
    "reminds_of_digital": False,
    "reminds_a_week_before": True,
}
MY_JAWS = JAWS | {
    "directors": ["スティーヴン・スピルバーグ"],
    "my_entry": {"id": "52011", "score": 92},
    "is_wished": False,
}
BANDS = [{"first": 90, "last": 100, "count": 1}, {"first": 80, "last": 89, "count": 1}]
WORDS = {
    "review": "三の城が燃えるところは、**何度観ても**声が出ない。",
    "has_spoilers": False,
    "reviewed_at": "2026-11-21T03:15:00Z",
    "review_audience": "entry",
    "tags": ["名画座"],
    "memo": "早稲田松竹、最前列",
}
SEEN = [{"id": "70334", "watched_on": "2019-08-02"}, {"id": "88120", "watched_on": "2026-11-20"}]


class ScoreField(serializers.IntegerField):
    """A whole number: neither "90" nor true is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "allow_null": True, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class DayWatchedField(serializers.DateField):
    def __init__(self, **kwargs: Any) -> None:
        always: dict[str, Any] = {"allow_null": True, "validators": [validate_watched_on]}
        super().__init__(**always | {"help_text": "null: a day nobody remembers."} | kwargs)


@extend_schema_serializer(examples=[OpenApiExample("Jaws on a wall", ON_THE_WALL)])
class WallEntrySerializer(serializers.Serializer):
    """A film on a wall."""

    id = Id()
    film = FilmSerializer()
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    watched_on = serializers.DateField(
        allow_null=True, help_text="The last day that it was seen on, where that is known."
    )
    recorded_at = Moment()
    visibility = serializers.ChoiceField(
        Visibility.choices,
        allow_null=True,
        help_text="Who may see it; only its owner is told. Never wider than the wall.",
    )

    def to_representation(self, entry: Any) -> dict[str, Any]:
        return entry_said(entry, self.context["request"].user)


def entry_said(entry: Entry | EntryRow, viewer: object) -> dict[str, Any]:
    return {"id": str(entry.pk), "film": film_said(entry.film)} | standing_said(entry, viewer)


def standing_said(entry: Entry | EntryRow, viewer: object) -> dict[str, Any]:
    return {
        "score": entry.score,
        "watched_on": entry.watched_on,
        "recorded_at": entry.recorded_at,
        "visibility": entry.visibility if isinstance(viewer, User) and viewer.pk == entry.owner_id else None,
    }


@extend_schema_serializer(examples=[OpenApiExample("In a feed", ON_THE_WALL | {"owner": HANAKO, "visibility": None})])
class FeedEntrySerializer(WallEntrySerializer):
    """A film on somebody's wall, where it stands beside those of others."""

    owner = PersonSerializer()

    def to_representation(self, entry: Any) -> dict[str, Any]:
        return super().to_representation(entry) | {"owner": person_said(entry.owner)}


@extend_schema_serializer(examples=[OpenApiExample("Seen in November", SEEN[1])])
class ViewingSerializer(serializers.Serializer):
    """One time that a film was seen."""

    id = Id(source="pk", read_only=True)
    watched_on = DayWatchedField()


@extend_schema_serializer(
    examples=[OpenApiExample("Seen twice", ON_THE_WALL | {"owner": HANAKO, "viewings": SEEN} | WORDS)]
)
class EntrySerializer(FeedEntrySerializer):
    """One film on one wall."""

    viewings = ViewingSerializer(
        many=True, allow_null=True, help_text="Only its owner is told. Without any it was seen once, on an unknown day."
    )
    review = serializers.CharField(
        allow_null=True, help_text="Markdown; null for whom it is not for, or where there is none."
    )
    has_spoilers = serializers.BooleanField(allow_null=True, help_text="Whether the review gives the story away.")
    reviewed_at = Moment(allow_null=True, help_text="When it was first written.")
    review_audience = serializers.ChoiceField(
        Audience.choices, allow_null=True, help_text="Who reads the review; only its owner is told."
    )
    tags = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="null where their owner does not show them."
    )
    memo = serializers.CharField(allow_null=True, help_text="Only its owner is told, ever.")

    def to_representation(self, entry: Any) -> dict[str, Any]:
        viewer = self.context["request"].user
        is_mine = entry.owner_id == viewer.pk
        viewings = entry.viewings.order_by("watched_on", "pk") if is_mine else []
        is_read = Entry.objects.reviews_read_by(viewer).filter(pk=entry.pk).exists()
        return super().to_representation(entry) | {
            "viewings": [{"id": str(one.pk), "watched_on": one.watched_on} for one in viewings] if is_mine else None,
            "review": entry.review if is_read or is_mine else None,
            "has_spoilers": entry.has_spoilers if is_read or is_mine else None,
            "reviewed_at": entry.reviewed_at if is_read or is_mine else None,
            "review_audience": entry.review_audience if is_mine else None,
            "tags": entry.tags if is_mine or entry.owner.shows_tags else None,
            "memo": entry.memo if is_mine else None,
        }


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Of Jaws, by Hanako",
            {
                "id": "52011",
                "film": JAWS,
                "owner": HANAKO,
                "review": WORDS["review"],
                "has_spoilers": False,
                "reviewed_at": WORDS["reviewed_at"],
                "score": 92,
            },
        )
    ]
)
class ReviewSerializer(serializers.Serializer):
    """What somebody has written about a film. Its id is the entry's, which may be for fewer than the review is."""

    id = Id()
    film = FilmSerializer()
    owner = PersonSerializer()
    review = serializers.CharField(help_text="Markdown.")
    has_spoilers = serializers.BooleanField(help_text="Whether it gives the story away.")
    reviewed_at = Moment(allow_null=True, help_text="When it was first written, where that is known.")
    score = serializers.IntegerField(
        min_value=0, max_value=100, allow_null=True, help_text="null also where the entry is not for who asks."
    )

    def to_representation(self, entry: Any) -> dict[str, Any]:
        """Of an entry with `is_seen`."""
        return {
            "id": str(entry.pk),
            "film": film_said(entry.film),
            "owner": person_said(entry.owner),
            "review": entry.review,
            "has_spoilers": entry.has_spoilers,
            "reviewed_at": entry.reviewed_at,
            "score": entry.score if entry.is_seen else None,
        }


def version_of(entry: Entry) -> str:
    words = (entry.review, entry.has_spoilers, entry.review_audience, entry.tags, entry.memo)
    return digest(entry.pk, entry.score, entry.visibility, entry.watched_on, entry.deleted_at, *words)


class TagsOfMineField(serializers.ListField):
    """As the form has them: each once, however it is written."""

    child = serializers.CharField(allow_blank=True)

    def to_internal_value(self, data: Any) -> list[str]:
        given = tags.tidy(super().to_internal_value(data))
        tags.validate(given)
        return given


def words_taken() -> dict[str, serializers.Field]:
    """What of an entry is written in words, where a client may leave it out."""
    return {
        "review": AsTyped(
            WordsField(validators=[validate_words]),
            required=False,
            allow_blank=True,
            trim_whitespace=False,
            help_text="Markdown, of 20,000 characters at most.",
        ),
        "has_spoilers": Switch(required=False, help_text="The review gives the story away."),
        "review_audience": serializers.ChoiceField(
            Audience.choices,
            required=False,
            help_text="Who reads the review. For `public` that is everybody, also where the entry is for fewer. A first "
            "review is for whoever sees the entry, where this is not said.",
        ),
        "memo": AsTyped(
            WordsField(validators=[validate_words]),
            required=False,
            allow_blank=True,
            trim_whitespace=False,
            help_text="For nobody but me.",
        ),
        "tags": TagsOfMineField(required=False, help_text="30 of 50 characters at most."),
    }


class FilmToFind(serializers.Serializer):
    """Names a film by our id, or by TMDB's for one that we may not have yet."""

    film = Id(required=False)
    tmdb_id = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if ("film" in asked) == ("tmdb_id" in asked):
            raise serializers.ValidationError(_("Name the film: either “film” or “tmdb_id”."), code="film")
        return asked


@extend_schema_serializer(
    examples=[
        OpenApiExample("Seen on a day", {"film": "1208", "score": 92, "watched_on": "2026-11-20"}, request_only=True),
        OpenApiExample("A film that only TMDB has so far", {"tmdb_id": 129, "score": None}, request_only=True),
    ]
)
class NewEntrySerializer(FilmToFind):
    """What is recorded. Without `visibility`, as its owner's settings have it."""

    score = ScoreField(required=False, default=None)
    watched_on = DayWatchedField(required=False, default=None)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | words_taken()


@extend_schema_serializer(
    examples=[
        OpenApiExample("Another score", {"score": 88}, request_only=True),
        OpenApiExample(
            "A review for everybody",
            {"review": WORDS["review"], "review_audience": "public", "tags": ["名画座"]},
            request_only=True,
        ),
    ]
)
class EntryChangesSerializer(serializers.Serializer):
    """What is to change; the rest stays."""

    score = ScoreField()
    visibility = serializers.ChoiceField(Visibility.choices)

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | words_taken()


class FilmSearchSerializer(serializers.Serializer):
    """What a search for films asks for."""

    q = serializers.CharField(
        max_length=200, help_text="Words of a title: kana, kanji, romaji, English or the original."
    )
    year = serializers.IntegerField(
        required=False, min_value=1888, max_value=2100, help_text="Of its release in the world or in Japan."
    )


class TmdbSearchSerializer(FilmSearchSerializer):
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LAST_PAGE)


class MyEntrySerializer(serializers.Serializer):
    """What of mine stands beside a film."""

    id = Id()
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)


def my_entry_said(entry: Entry | None) -> dict[str, Any] | None:
    return {"id": str(entry.pk), "score": entry.score} if entry else None


@extend_schema_serializer(examples=[OpenApiExample("Jaws, seen already", MY_JAWS)])
class FoundFilmSerializer(FilmSerializer):
    """A film that was found, marked for who looks for it; `marks` comes by the context."""

    directors = serializers.ListField(child=serializers.CharField())
    my_entry = MyEntrySerializer(allow_null=True)
    is_wished = serializers.BooleanField(
        allow_null=True, help_text="Whether I wait for it; null where nobody is signed in."
    )

    def to_representation(self, film: Film) -> dict[str, Any]:
        return found_said(film, self.context["marks"])


def found_said(film: Any, marks: Marks) -> dict[str, Any]:
    return film_said(film) | {
        "directors": [credit.person.local_name for credit in film.directing],
        "my_entry": my_entry_said(marks.mine.get(film.pk)),
        "is_wished": marks.is_wished(film),
    }


@extend_schema_serializer(examples=[OpenApiExample("One that we do not have", SPIRITED_AWAY | {"film": None})])
class TmdbFilmSerializer(HitSerializer):
    """A film that TMDB has found. `film` is ours, where we have it."""

    film = FoundFilmSerializer(allow_null=True)

    def to_representation(self, hit: Hit) -> dict[str, Any]:
        film = found_said(hit.film, self.context["marks"]) if hit.film else None
        return super().to_representation(hit) | {"film": film}


class BandSerializer(serializers.Serializer):
    """How many scores lie from `first` to `last`."""

    first = serializers.IntegerField()
    last = serializers.IntegerField()
    count = serializers.IntegerField()


class ReceptionSerializer(serializers.Serializer):
    """How a film was received by those who show it to everybody."""

    recorded = serializers.IntegerField()
    scored = serializers.IntegerField()
    average = serializers.IntegerField(allow_null=True, help_text="Rounded down; null where nobody gave a score.")
    bands = BandSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("Digitally, too", {"reminds_of_digital": True}, request_only=True)])
class RemindersSerializer(serializers.Serializer):
    """Of what I am told by mail; what has passed is told to nobody."""

    reminds_of_cinema = Switch(required=False, help_text="When it opens in Japan's cinemas.")
    reminds_of_digital = Switch(required=False, help_text="When it comes out digitally in Japan.")
    reminds_a_week_before = Switch(required=False, help_text="A week before, too.")


class MyWishSerializer(RemindersSerializer):
    """That I wait for a film."""

    wished_at = Moment()

    def to_representation(self, wish: Wish) -> dict[str, Any]:
        return my_wish_said(wish)


def my_wish_said(wish: Wish) -> dict[str, Any]:
    return {"wished_at": wish.wished_at} | {name: getattr(wish, name) for name in REMINDERS}


def version_of_wish(wish: Wish) -> str:
    return digest(wish.pk, *(getattr(wish, name) for name in REMINDERS))


@extend_schema_serializer(examples=[OpenApiExample("On my watchlist", MY_WISH | {"film": JAWS, "digital_on": None})])
class WishSerializer(MyWishSerializer):
    """A film that I wait for."""

    film = FilmSerializer()
    digital_on = serializers.DateField(allow_null=True, help_text="Its first digital release in Japan.")

    def to_representation(self, wish: Wish) -> dict[str, Any]:
        return my_wish_said(wish) | {"film": film_said(wish.film), "digital_on": wish.film.digital_on}


@extend_schema_serializer(
    examples=[
        OpenApiExample("One of ours", {"film": "1208"}, request_only=True),
        OpenApiExample(
            "One that only TMDB has so far", {"tmdb_id": 129, "reminds_of_digital": True}, request_only=True
        ),
    ]
)
class NewWishSerializer(RemindersSerializer, FilmToFind):
    """What I want to see, and of what of it I want to be told."""


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Jaws",
            FACTS_OF_JAWS
            | {
                "reception": {"recorded": 3, "scored": 2, "average": 88, "bands": BANDS},
                "my_entry": MY_JAWS["my_entry"],
                "my_wish": None,
            },
        )
    ]
)
class FilmPageSerializer(FilmFactsSerializer):
    """What we know of a film, and what people think of it."""

    reception = ReceptionSerializer()
    my_entry = MyEntrySerializer(allow_null=True)
    my_wish = MyWishSerializer(allow_null=True)

    def to_representation(self, film: Film) -> dict[str, Any]:
        viewer = self.context["request"].user
        entry = wish = None
        if viewer.is_authenticated:
            entry = Entry.objects.of(viewer).filter(film=film).first()
            wish = Wish.objects.filter(owner=viewer, film=film).first()
        return super().to_representation(film) | {
            "reception": ReceptionSerializer(reception(film, viewer)).data,
            "my_entry": my_entry_said(entry),
            "my_wish": my_wish_said(wish) if wish else None,
        }


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "On Hanako's wall",
            {name: said for name, said in ON_THE_WALL.items() if name != "film"}
            | {"owner": HANAKO, "visibility": None},
        )
    ]
)
class FilmEntrySerializer(FeedEntrySerializer):
    """On whose wall a film stands."""

    film = None  # type: ignore[assignment]  # it stands in the address

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        said = standing_said(entry, self.context["request"].user)
        return {"id": str(entry.pk)} | said | {"owner": person_said(entry.owner)}


@extend_schema_serializer(examples=[OpenApiExample("Jaws", {"film": JAWS, "score": 92})])
class LovedFilmSerializer(serializers.Serializer):
    """A film that one of the two loved."""

    film = FilmSerializer()
    score = serializers.IntegerField()

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        return {"film": film_said(entry.film), "score": entry.score}


@extend_schema_serializer(examples=[OpenApiExample("Jaws", {"film": JAWS, "score": 92, "other_score": 60})])
class CommonFilmSerializer(LovedFilmSerializer):
    """A film that both have seen."""

    score = serializers.IntegerField(allow_null=True, help_text="Of the one who is named first in the address.")
    other_score = serializers.IntegerField(allow_null=True)

    def to_representation(self, entry: Any) -> dict[str, Any]:
        return super().to_representation(entry) | {"other_score": entry.theirs}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two who agree",
            {
                "one": HANAKO,
                "other": HANAKO | {"id": "8", "handle": "taro", "display_name": "太郎"},
                "count": 412,
                "apart": 8.4,
                "disagreements": [{"film": JAWS, "score": 92, "other_score": 60}],
                "only_one_loved": [{"film": JAWS, "score": 92}],
                "only_other_loved": [],
            },
        )
    ]
)
class ComparisonSerializer(serializers.Serializer):
    """Two walls side by side, as far as I may see both."""

    one = PersonSerializer()
    other = PersonSerializer()
    count = serializers.IntegerField(help_text="How many films both have seen.")
    apart = serializers.FloatField(
        allow_null=True,
        help_text="How far apart their scores lie on average; null where they have scored no film both.",
    )
    disagreements = CommonFilmSerializer(many=True)
    only_one_loved = LovedFilmSerializer(many=True, help_text="What the first loved and the other has not seen.")
    only_other_loved = LovedFilmSerializer(many=True)

    def to_representation(self, comparison: Comparison) -> dict[str, Any]:
        return {
            "one": person_said(comparison.one),
            "other": person_said(comparison.other),
            **comparison.summary,
            "disagreements": CommonFilmSerializer(comparison.disagreements, many=True).data,
            "only_one_loved": LovedFilmSerializer(comparison.only_one_loved, many=True).data,
            "only_other_loved": LovedFilmSerializer(comparison.only_other_loved, many=True).data,
        }
