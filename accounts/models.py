from accounts.contact.models import ContactMessage
from accounts.identity.models import PersonalToken
from accounts.mail.models import Mailbox, Notice
from accounts.moderation.models import Report, StaffAction
from accounts.people.models import (
    FEW_FOLLOWED,
    Block,
    ColorScheme,
    Follow,
    FormerHandle,
    Language,
    User,
    Visibility,
    raised_revision,
    slot_of,
)

__all__ = [
    "FEW_FOLLOWED",
    "Block",
    "ColorScheme",
    "ContactMessage",
    "Follow",
    "FormerHandle",
    "Language",
    "Mailbox",
    "Notice",
    "PersonalToken",
    "Report",
    "StaffAction",
    "User",
    "Visibility",
    "raised_revision",
    "slot_of",
]
