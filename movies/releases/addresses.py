from movies.releases.models import CalendarFeed
from mymovie.secret_addresses import SecretAddresses

CALENDARS = SecretAddresses(CalendarFeed, view="calendar_feed", salt="movies.releases.calendar")
"""At which calendars read what somebody waits for."""
