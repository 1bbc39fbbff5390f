"""What the API says of imports, and what it takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from movies.catalog.serializers import (
    JAWS,
    SPIRITED_AWAY,
    FilmSerializer,
    PosterSerializer,
    film_said,
    picture_said,
    poster_said,
)
from movies.diary.models import Audience
from movies.diary.serializers import FilmToFind
from movies.imports import report
from movies.imports.formats import plain
from movies.imports.keeping import named_of
from movies.imports.models import Batch, Row
from movies.imports.refusals import said
from mymovie.rest.conditional import digest
from mymovie.rest.fields import Id, Moment, Switch

FILM_COLUMNS = ("title", "original_title", "tmdb_id", "imdb_id")

BROUGHT = {
    "id": "31",
    "state": "ready",
    "name": "letterboxd-hanako-2026-11-25.zip",
    "format": "letterboxd",
    "overwrites": False,
    "error": None,
    "brought_at": "2026-11-25T02:10:00Z",
    "went_on_at": "2026-11-25T02:11:30Z",
    "ended_at": None,
}
COUNTS = {"waiting": 0, "new": 1204, "changed": 31, "same": 8, "kept": 2, "doubtful": 5, "rejected": 3}
WEIGHED = BROUGHT | {
    "questions": None,
    "counts": COUNTS,
    "progress": {"rows": 1253, "rate": 410.5, "share": 1.0, "seconds_left": None},
}
ASKING = WEIGHED | {
    "state": "asking",
    "name": "映画.csv",
    "format": "plain",
    "questions": {
        "part": [],
        "date_order": [],
        "columns": ["邦題", "年", "みた日", "点"],
        "preview": [{"邦題": "乱", "年": "1985", "みた日": "2019/8/2", "点": "4.5"}],
        "guess": {"title": "邦題", "year": "年"},
    },
    "counts": dict.fromkeys(COUNTS, 0),
    "progress": {"rows": 0, "rate": 0.0, "share": 0.0, "seconds_left": None},
}
UPLOAD = {
    "url": "https://uploads.mymovie.example/",
    "fields": {"key": "imports/7c1f", "policy": "eyJleHBpcmF0aW9uIjoi…", "x-amz-signature": "5f0c…"},
}
EXPECTED = (
    WEIGHED
    | {"state": "expected", "format": None, "went_on_at": BROUGHT["brought_at"], "upload": UPLOAD}
    | {name: ASKING[name] for name in ("counts", "progress")}
)
REJECTED = {
    "number": 17,
    "file": "diary.csv",
    "line": 18,
    "title": "乱",
    "what": "2019年8月2日に鑑賞 · 90点",
    "outcome": "rejected",
    "is_done": False,
    "column": "Watched Date",
    "value": "2019-02-30",
    "reason": "not_a_date",
    "why": "日付ではありません。",
    "film": None,
    "entry": None,
}
NOTHING_WRONG = dict.fromkeys(("column", "value", "reason")) | {"why": ""}
DOUBT = {
    "id": "902",
    "title": "Jaws",
    "original_title": None,
    "year": 1976,
    "why": "",
    "choices": [
        {"film": JAWS, "tmdb_id": 578, "directors": ["スティーヴン・スピルバーグ"]}
        | {name: JAWS[name] for name in ("title", "year", "poster")},
        {"film": None, "directors": []}
        | {name: SPIRITED_AWAY[name] for name in ("tmdb_id", "title", "year", "poster")},
    ],
    "rows": [REJECTED | NOTHING_WRONG | {"title": "Jaws (1976)", "outcome": "doubtful"}],
}


class ImportTroubleSerializer(serializers.Serializer):
    """Why an import failed."""

    kind = serializers.CharField(help_text="For programs; it never changes.")
    detail = serializers.CharField(help_text="The same for people, in their language.")


@extend_schema_serializer(examples=[OpenApiExample("From Letterboxd", BROUGHT)])
class ImportInBriefSerializer(serializers.Serializer):
    """A file of films, and how far we have come with it."""

    id = Id()
    state = serializers.ChoiceField(Batch.State.choices)
    name = serializers.CharField(help_text="Of the file, as it was given.")
    format = serializers.CharField(allow_null=True, help_text="null, until it is known.")
    overwrites = serializers.BooleanField(help_text="Whether its word counts for more than what stands on the wall.")
    error = ImportTroubleSerializer(allow_null=True)
    brought_at = Moment()
    went_on_at = Moment(help_text="When it last went on.")
    ended_at = Moment(allow_null=True)

    def to_representation(self, batch: Batch) -> dict[str, Any]:
        return {
            "id": str(batch.pk),
            "state": batch.state,
            "name": batch.name,
            "format": batch.format or None,
            "overwrites": batch.overwrites,
            "error": error_said(batch) if batch.state == Batch.State.FAILED else None,
            "brought_at": batch.created_at,
            "went_on_at": batch.progress_at,
            "ended_at": batch.ended_at,
        }


def error_said(batch: Batch) -> dict[str, str]:
    return {"kind": batch.error, "detail": said(batch.error, batch.error_about)}


class ImportColumnsSerializer(serializers.Serializer):
    """The heading of each column, by what we call it; `scale` is the highest score that there can be."""

    def get_fields(self) -> dict[str, Any]:
        headings = {name: serializers.CharField(required=False, trim_whitespace=False) for name in plain.FIELDS}
        return headings | {"scale": serializers.ChoiceField([str(most) for most in plain.SCALES], required=False)}

    def validate(self, columns: dict[str, Any]) -> dict[str, Any]:
        given = {name: heading for name, heading in columns.items() if name != "scale"}
        lacking = [name for name, heading in given.items() if heading not in self.context["questions"]["columns"]]
        if lacking:
            raise serializers.ValidationError(dict.fromkeys(lacking, _("The file has no such column.")), code="heading")
        if len(set(given.values())) < len(given):
            raise serializers.ValidationError(_("A column is one thing only."), code="twice")
        if not given.keys() & set(FILM_COLUMNS):
            raise serializers.ValidationError(_("Say in which column the film stands."), code="film")
        return columns


class ImportQuestionsSerializer(serializers.Serializer):
    """What the file does not say itself: what may be answered to each, or nothing, where it is not asked."""

    part = serializers.ListField(child=serializers.CharField(), help_text="What the file may be.")
    date_order = serializers.ListField(
        child=serializers.CharField(), help_text="In which order day, month and year may stand."
    )
    columns = serializers.ListField(child=serializers.CharField(), help_text="Headings, of which any may be anything.")
    preview = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    guess = serializers.DictField(
        child=serializers.CharField(), help_text="Columns by their headings, as they might be answered."
    )


def questions_said(batch: Batch) -> dict[str, Any] | None:
    if batch.state != Batch.State.ASKING:
        return None
    asked: dict[str, Any] = {"part": [], "date_order": [], "columns": [], "preview": []} | batch.questions
    return asked | {"guess": plain.guess(asked["columns"])}


class ImportCountsSerializer(serializers.Serializer):
    """How many rows came to what; together they are all that were read."""

    def get_fields(self) -> dict[str, Any]:
        return {outcome: serializers.IntegerField() for outcome in Row.Outcome.values}


class ImportProgressSerializer(serializers.Serializer):
    rows = serializers.IntegerField(help_text="Read so far.")
    rate = serializers.FloatField(help_text="Rows a second.")
    share = serializers.FloatField(min_value=0, max_value=1, help_text="Of what it is at now.")
    seconds_left = serializers.IntegerField(allow_null=True, help_text="About; null, where that cannot be told.")


@extend_schema_serializer(
    examples=[OpenApiExample("A dry run", WEIGHED), OpenApiExample("A file that nobody knows", ASKING)]
)
class ImportSerializer(ImportInBriefSerializer):
    """One import, with all that is known of how it goes."""

    questions = ImportQuestionsSerializer(allow_null=True, help_text="null, where nothing is asked.")
    counts = ImportCountsSerializer()
    progress = ImportProgressSerializer()

    def to_representation(self, batch: Batch) -> dict[str, Any]:
        return super().to_representation(batch) | {
            "questions": questions_said(batch),
            "counts": report.counts(batch),
            "progress": ImportProgressSerializer(report.progress(batch)).data,
        }


def version_of(batch: Batch) -> str:
    return digest(batch.pk, batch.state)


class UploadSerializer(serializers.Serializer):
    """A form of the bucket: send its fields, in this order, and the file after them as `file`, as multipart/form-data."""

    url = serializers.URLField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]  # a name of the base class, too


@extend_schema_serializer(examples=[OpenApiExample("Waiting for its file", EXPECTED)])
class ExpectedImportSerializer(ImportSerializer):
    """With where its file is to be sent, which comes by the context."""

    upload = UploadSerializer()

    def to_representation(self, batch: Batch) -> dict[str, Any]:
        return super().to_representation(batch) | {"upload": self.context["upload"]}


@extend_schema_serializer(
    examples=[OpenApiExample("An export of Letterboxd", {"name": BROUGHT["name"]}, request_only=True)]
)
class NewImportSerializer(serializers.Serializer):
    """What is to be brought."""

    name = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="Of the file, to know it by."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("Columns", {"columns": {"title": "邦題", "score": "点", "scale": "5"}}, request_only=True),
        OpenApiExample("Month, day, year", {"date_order": "mdy"}, request_only=True),
    ]
)
class ImportAnswersSerializer(serializers.Serializer):
    """An answer to each question that is asked; those come by the context."""

    part = serializers.CharField(required=False)
    date_order = serializers.CharField(required=False)
    columns = ImportColumnsSerializer(required=False)

    def validate_part(self, part: str) -> str:
        return self.one_of("part", part)

    def validate_date_order(self, date_order: str) -> str:
        return self.one_of("date_order", date_order)

    def one_of(self, question: str, answer: str) -> str:
        if answer not in self.context["questions"][question]:
            raise serializers.ValidationError(_("It is none of these."), code="invalid_choice")
        return answer

    def validate(self, answers: dict[str, Any]) -> dict[str, Any]:
        asked = [name for name in ("part", "date_order", "columns") if self.context["questions"][name]]
        if unanswered := [name for name in asked if name not in answers]:
            raise serializers.ValidationError(dict.fromkeys(unanswered, _("This is asked, too.")), code="required")
        return answers


@extend_schema_serializer(
    examples=[
        OpenApiExample("What I have changed since stays", {}, request_only=True),
        OpenApiExample("The file is right", {"overwrites": True}, request_only=True),
    ]
)
class ImportOptionsSerializer(serializers.Serializer):
    """How it is imported."""

    overwrites = Switch(
        required=False, default=False, help_text="Its word counts for more than what stands on my wall."
    )
    reviews_for = serializers.ChoiceField(
        Audience.choices,
        required=False,
        help_text="Who reads its reviews, where it does not say that itself; nobody but me where this is not said.",
    )


@extend_schema_serializer(examples=[OpenApiExample("A day that never was", REJECTED)])
class ImportRowSerializer(serializers.Serializer):
    """One row of the file, and what comes of it."""

    number = serializers.IntegerField(help_text="Among all rows of all files.")
    file = serializers.CharField(allow_null=True, help_text="In an archive.")
    line = serializers.IntegerField(help_text="On which it begins, from 1; of JSON, which item of its array it is.")
    title = serializers.CharField()
    what = serializers.CharField(help_text="What it says, in short.")
    outcome = serializers.ChoiceField(Row.Outcome.choices)
    is_done = serializers.BooleanField(help_text="Whether that stands on the wall.")
    column = serializers.CharField(allow_null=True, help_text="The one that is wrong.")
    value = serializers.CharField(allow_null=True, help_text="What stands there.")
    reason = serializers.CharField(allow_null=True, help_text="For programs; it never changes.")
    why = serializers.CharField(help_text="The same for people, in their language.")
    film = FilmSerializer(allow_null=True, help_text="What its title was taken to mean.")
    entry = Id(allow_null=True)

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {
            "number": row.number,
            "file": row.file or None,
            "line": row.line,
            "title": row.title,
            "what": row.what,
            "outcome": row.outcome,
            "is_done": row.is_done,
            "column": row.column or None,
            "value": row.value if row.column else None,
            "reason": row.reason or None,
            "why": row.why,
            "film": film_said(row.mention.film) if row.mention and row.mention.film else None,
            "entry": str(row.entry_id) if row.entry_id else None,
        }


class DoubtCandidateSerializer(serializers.Serializer):
    """A film that may be meant. `film` is ours, where we have it."""

    film = FilmSerializer(allow_null=True)
    tmdb_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    directors = serializers.ListField(child=serializers.CharField(), help_text="Of ours; TMDB is not asked for them.")
    poster = PosterSerializer(allow_null=True)


def candidate_said(choice: dict[str, Any]) -> dict[str, Any]:
    film: Any = choice["film"]
    picture = choice["poster_path"]
    return {
        "film": film_said(film) if film else None,
        "tmdb_id": choice["tmdb_id"],
        "title": choice["title"],
        "year": choice["year"],
        "directors": [credit.person.local_name for credit in film.directing] if film else [],
        "poster": poster_said(film) if film else picture_said(picture) if picture else None,
    }


@extend_schema_serializer(examples=[OpenApiExample("Which of the two?", DOUBT)])
class DoubtSerializer(serializers.Serializer):
    """A film as the file names it. All rows that name it so wait for the same choice."""

    id = Id()
    title = serializers.CharField(allow_null=True)
    original_title = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    why = serializers.CharField(help_text="For people, in their language.")
    choices = DoubtCandidateSerializer(many=True, help_text="The likeliest first.")
    rows = ImportRowSerializer(many=True, help_text="The first that name it so.")

    def to_representation(self, mention: Any) -> dict[str, Any]:
        named = named_of(mention.named)
        return {
            "id": str(mention.pk),
            "title": named.title or None,
            "original_title": named.original_title or None,
            "year": named.year,
            "why": mention.why,
            "choices": [candidate_said(choice) for choice in mention.choices],
            "rows": ImportRowSerializer(mention.told, many=True).data,
        }


@extend_schema_serializer(
    examples=[
        OpenApiExample("One of ours", {"film": "1208"}, request_only=True),
        OpenApiExample("One that only TMDB has so far", {"tmdb_id": 129}, request_only=True),
        OpenApiExample("None", {"leave_out": True}, request_only=True),
    ]
)
class DoubtChoiceSerializer(FilmToFind):
    """The film that is meant, be it among the choices or not; or that its rows are left out."""

    leave_out = Switch(required=False, default=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked["leave_out"]:
            return super().validate(asked)
        if asked.keys() & {"film", "tmdb_id"}:
            raise serializers.ValidationError(_("Either name a film or leave it out."), code="film")
        return asked
