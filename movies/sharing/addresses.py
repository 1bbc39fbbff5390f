from movies.sharing.models import FeedAddress
from mymovie.secret_addresses import SecretAddresses

FEEDS = SecretAddresses(FeedAddress, view="feed_rss", salt="movies.sharing.feed")
"""At which programs read somebody's feed."""
