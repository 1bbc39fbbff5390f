"""The same people in every permission test, and what one of them owns."""

from dataclasses import dataclass
from functools import cached_property

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.identity.models import PersonalToken, Scope
from accounts.identity.tokens import make_token
from accounts.models import Mailbox, User, Visibility
from movies.catalog.models import Person
from movies.diary.models import Entry, FilmList, Viewing, Wish
from movies.imports.models import Batch, Mention
from movies.releases.addresses import CALENDARS
from movies.sharing.addresses import FEEDS
from movies.sharing.models import WallPoster
from mymovie.uploads import kept_files
from tests.api import client_of
from tests.factories import (
    BatchFactory,
    BlockFactory,
    CreditFactory,
    FilmFactory,
    FilmListItemFactory,
    FollowFactory,
    MailboxFactory,
    MentionFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)

ROLES = ("anonymous", "stranger", "follower", "blocked", "owner", "staff")


@dataclass(frozen=True)
class World:
    """Everything at stake is `owner`'s, whose wall and entry are for followers."""

    owner: User
    other: User

    @classmethod
    def make(cls) -> "World":
        owner = UserFactory(handle="owner", wall_visibility=Visibility.FOLLOWERS)
        return cls(owner, UserFactory(handle="other"))

    @cached_property
    def viewing(self) -> Viewing:
        return ViewingFactory(
            entry__owner=self.owner,
            entry__visibility=Visibility.FOLLOWERS,
            entry__film=FilmFactory(original_title="Ran", tmdb_id=11645),
        )

    @cached_property
    def mention(self) -> Mention:
        """Of a film of which the owner's import is in doubt."""
        mention: Mention = MentionFactory(batch__owner=self.owner, batch__state="ready", state="doubtful")
        return mention

    @property
    def batch(self) -> Batch:
        return self.mention.batch

    @property
    def entry(self) -> Entry:
        return self.viewing.entry

    @cached_property
    def director(self) -> Person:
        """Of the owner's film."""
        director: Person = CreditFactory(film=self.entry.film).person
        return director

    @cached_property
    def deleted(self) -> Entry:
        entry: Entry = ViewingFactory(entry__owner=self.owner, entry__deleted_at=timezone.now()).entry
        return entry

    @cached_property
    def wish(self) -> Wish:
        wish: Wish = WishFactory(owner=self.owner)
        return wish

    @cached_property
    def film_list(self) -> FilmList:
        film_list: FilmList = FilmListItemFactory(film_list__owner=self.owner).film_list
        return film_list

    @cached_property
    def imports(self) -> dict[str, Batch]:
        """One in each state; what has failed can be started again."""
        stalled = {"error": "stalled", "error_about": "matching"}
        return {state: BatchFactory(owner=self.owner, state=state, **stalled) for state in Batch.State.values}

    @cached_property
    def doubt(self) -> Mention:
        mention: Mention = MentionFactory(batch=self.imports["ready"], state=Mention.State.DOUBTFUL)
        return mention

    @cached_property
    def mailbox(self) -> Mailbox:
        mailbox: Mailbox = MailboxFactory(user=self.owner)
        return mailbox

    @cached_property
    def calendar_token(self) -> str:
        """Of the address at which the owner's calendar is read."""
        CALENDARS.make(owner=self.owner)
        return CALENDARS.of(self.owner).rpartition("/")[2].removesuffix(".ics")

    @cached_property
    def feed_token(self) -> str:
        """Of the address at which the owner's feed is read."""
        FEEDS.make(owner=self.owner)
        return FEEDS.of(self.owner).rpartition("/")[2].removesuffix(".rss")

    @cached_property
    def poster(self) -> WallPoster:
        """The owner's wall as a sheet that can be downloaded."""
        with kept_files() as storage:
            name = storage.save("posters/table.pdf", ContentFile(b"%PDF-1.4"))
        poster: WallPoster = WallPoster.objects.create(owner=self.owner, language="ja", state="ready", stored_as=name)
        return poster

    @cached_property
    def personal_token(self) -> PersonalToken:
        return make_token(owner=self.owner, name="backup", scope=Scope.READ)[0]

    def person(self, role: str) -> User | None:
        """Whoever plays `role` before the owner; None is nobody who is signed in."""
        if role == "anonymous":
            return None
        if role == "owner":
            return self.owner
        person: User = UserFactory(handle=role, is_staff=role == "staff")
        if role == "follower":
            FollowFactory(follower=person, followee=self.owner)
        if role == "blocked":
            BlockFactory(blocker=self.owner, blocked=person)
        return person

    def script(self, role: str, scope: str = "write") -> Client:
        """Of whoever plays `role`, by a personal token."""
        person = self.person(role)
        return client_of(person, scope) if person else Client(headers={"Accept-Language": "en"})

    def client(self, role: str, **options: bool) -> Client:
        client = Client(**options)
        if person := self.person(role):
            client.force_login(person)
        return client
