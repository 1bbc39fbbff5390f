"""The one list of the mails that the site writes: by name, what makes a sample of each in a given language."""

from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.mail.letters import Letter

SAMPLES = {
    "reminder-opens": "movies.releases.letters.sample_opens",
    "reminder-soon": "movies.releases.letters.sample_soon",
    "reminder-dated": "movies.releases.letters.sample_dated",
    "reminder-moved": "movies.releases.letters.sample_moved",
    "reminder-withdrawn": "movies.releases.letters.sample_withdrawn",
    "request": "accounts.people.letters.sample_request",
    "followers": "accounts.people.letters.sample_followers",
    "leaving": "accounts.identity.letters.sample_leaving",
    "contact": "accounts.contact.letters.sample_to_staff",
}


def sample(name: str, language: str) -> "Letter":
    letter: Letter = import_string(SAMPLES[name])(language)
    return letter
