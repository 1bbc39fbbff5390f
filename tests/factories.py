"""The least valid row of each kind; a test says what matters."""

import datetime
import uuid

import factory
from django.utils import timezone

from accounts.models import Block, ContactMessage, Follow, Mailbox, Notice, Report, StaffAction, User
from movies.catalog.models import Credit, Film, Genre, Person
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish, wall_keys
from movies.imports.models import Batch, Mention, Row
from movies.releases.models import Sheet, SheetRow
from mymovie.folding import search_text


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    issuer = "https://provider.test"
    subject = factory.LazyFunction(lambda: str(uuid.uuid4()))
    handle = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.LazyAttribute(lambda user: user.handle)
    search_text = factory.LazyAttribute(lambda user: search_text(user.handle, user.display_name))


class MailboxFactory(factory.django.DjangoModelFactory[Mailbox]):
    class Meta:
        model = Mailbox

    user = factory.SubFactory(UserFactory)
    address = factory.LazyAttribute(lambda mailbox: f"{mailbox.user.handle}@example.com")


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = "request"
    key = factory.Sequence(lambda n: f"request {n}")


class FollowFactory(factory.django.DjangoModelFactory[Follow]):
    class Meta:
        model = Follow

    follower = factory.SubFactory(UserFactory)
    followee = factory.SubFactory(UserFactory)
    accepted_at = factory.LazyFunction(timezone.now)


class BlockFactory(factory.django.DjangoModelFactory[Block]):
    class Meta:
        model = Block

    blocker = factory.SubFactory(UserFactory)
    blocked = factory.SubFactory(UserFactory)


class ContactMessageFactory(factory.django.DjangoModelFactory[ContactMessage]):
    class Meta:
        model = ContactMessage

    category = "question"
    email = "somebody@example.com"
    text = "How?"
    language = "ja"


class ReportFactory(factory.django.DjangoModelFactory[Report]):
    class Meta:
        model = Report

    reporter = factory.SubFactory(UserFactory)
    person = factory.SubFactory(UserFactory)
    subject = "profile"
    subject_id = factory.SelfAttribute("person.pk")
    reason = "spam"


class StaffActionFactory(factory.django.DjangoModelFactory[StaffAction]):
    class Meta:
        model = StaffAction

    actor = factory.SubFactory(UserFactory, is_staff=True)
    actor_handle = factory.SelfAttribute("actor.handle")
    kind = "hide"
    subject = "entry"
    subject_id = 1
    reason = "Because"


class GenreFactory(factory.django.DjangoModelFactory[Genre]):
    class Meta:
        model = Genre
        django_get_or_create = ("id",)

    id = 18
    name_ja = "ドラマ"
    name_en = "Drama"


class FilmFactory(factory.django.DjangoModelFactory[Film]):
    class Meta:
        model = Film

    original_title = factory.Sequence(lambda n: f"Film {n}")


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Person {n}")


class CreditFactory(factory.django.DjangoModelFactory[Credit]):
    class Meta:
        model = Credit

    film = factory.SubFactory(FilmFactory)
    person = factory.SubFactory(PersonFactory)
    job = Credit.Job.DIRECTOR


class EntryFactory(factory.django.DjangoModelFactory[Entry]):
    class Meta:
        model = Entry

    owner = factory.SubFactory(UserFactory)
    film = factory.SubFactory(FilmFactory)
    recorded_at = factory.LazyFunction(timezone.now)

    japan_on = factory.LazyAttribute(lambda entry: entry.film.japan_on or entry.film.world_on)
    world_on = factory.LazyAttribute(lambda entry: entry.film.world_on or entry.film.japan_on)
    title_ja_key = factory.LazyAttribute(lambda entry: wall_keys(entry.film)["title_ja_key"])
    title_en_key = factory.LazyAttribute(lambda entry: wall_keys(entry.film)["title_en_key"])


class ViewingFactory(factory.django.DjangoModelFactory[Viewing]):
    class Meta:
        model = Viewing

    entry = factory.SubFactory(EntryFactory)
    watched_on = datetime.date(2024, 1, 1)


class WishFactory(factory.django.DjangoModelFactory[Wish]):
    class Meta:
        model = Wish

    owner = factory.SubFactory(UserFactory)
    film = factory.SubFactory(FilmFactory)


class FilmListFactory(factory.django.DjangoModelFactory[FilmList]):
    class Meta:
        model = FilmList

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"List {n}")


class FilmListItemFactory(factory.django.DjangoModelFactory[FilmListItem]):
    class Meta:
        model = FilmListItem

    film_list = factory.SubFactory(FilmListFactory)
    film = factory.SubFactory(FilmFactory)


class SheetFactory(factory.django.DjangoModelFactory[Sheet]):
    class Meta:
        model = Sheet

    name = "releases.csv"
    stored_as = factory.Sequence(lambda n: f"releases/{n}.csv")
    version = "0" * 32


class SheetRowFactory(factory.django.DjangoModelFactory[SheetRow]):
    class Meta:
        model = SheetRow

    sheet = factory.SubFactory(SheetFactory)
    number = factory.Sequence(lambda n: n + 2)
    outcome = SheetRow.Outcome.SAME


class BatchFactory(factory.django.DjangoModelFactory[Batch]):
    class Meta:
        model = Batch

    owner = factory.SubFactory(UserFactory)
    stored_as = factory.Sequence(lambda n: f"imports/{n}")


class MentionFactory(factory.django.DjangoModelFactory[Mention]):
    class Meta:
        model = Mention

    batch = factory.SubFactory(BatchFactory)
    key = factory.Sequence(lambda n: f"{n:040}")
    named = factory.LazyFunction(dict)


class RowFactory(factory.django.DjangoModelFactory[Row]):
    class Meta:
        model = Row

    batch = factory.SubFactory(BatchFactory)
    number = factory.Sequence(lambda n: n + 1)
    line = factory.SelfAttribute("number")
    part = "letterboxd.watched"
    raw = factory.LazyFunction(dict)
