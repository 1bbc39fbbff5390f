"""How often somebody may do what concerns other people, or costs us much; by page or by app."""

import datetime

from mymovie.limits.services import Limit

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)

ACTS = Limit("acts on people", 300, HOUR)
CHANGES = Limit("settings", 60, HOUR)
HANDLE_CHANGES = Limit("handle", 5, DAY)
AVATAR_CHANGES = Limit("avatar", 20, DAY)
ADDRESS_OPENINGS = Limit("address again", 3, DAY)
