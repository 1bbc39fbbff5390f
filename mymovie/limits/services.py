"""Exact limits: counted in one statement, so that many at once are not let through together."""

import datetime
import ipaddress
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mymovie.limits.models import Count

COUNT = """
    INSERT INTO limits_count (key, n, ends_at) SELECT key, 1, ends_at FROM unnest(%s::text[], %s::timestamptz[]) AS of (key, ends_at)
    ON CONFLICT (key) DO UPDATE SET n = limits_count.n + 1 RETURNING key, n
"""


class Limit(NamedTuple):
    """At most `most` times within each `span`, counted by the clock: spans begin at midnight 1970, UTC, and follow."""

    name: str
    most: int
    span: datetime.timedelta


class Spent(NamedTuple):
    """`left`: how often more within this span; `ends_in`: seconds until the next one begins."""

    limit: Limit
    left: int
    ends_in: int


class Exceeded(Exception):
    """`retry_after`: seconds until the next span begins."""

    def __init__(self, retry_after: int, spent: list[Spent] | None = None) -> None:
        super().__init__(retry_after)
        self.retry_after, self.spent = retry_after, spent or []


def spend(limit: Limit, *, who: str) -> None:
    """Count one more. Raises Exceeded. In a transaction that is rolled back, nothing was counted."""
    spend_all([(limit, who)])


def spend_all(wanted: list[tuple[Limit, str]]) -> list[Spent]:
    """The same of several limits in one statement; name them always in one order, as two at once wait for each other.
    Raises Exceeded, with all that was spent."""
    now = int(timezone.now().timestamp())
    keys, ends = [], []
    for limit, who in wanted:
        seconds = int(limit.span.total_seconds())
        begun = now // seconds * seconds
        digest = salted_hmac("mymovie.limits", f"{limit.name} {begun} {who}", algorithm="sha256").hexdigest()
        keys.append(digest[:40])
        ends.append(begun + seconds)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [keys, [datetime.datetime.fromtimestamp(end, datetime.UTC) for end in ends]])
        counts = dict(cursor.fetchall())
    over, spent = 0, []
    for (limit, _who), key, end in zip(wanted, keys, ends, strict=True):
        spent.append(Spent(limit, max(limit.most - counts[key], 0), end - now))
        if counts[key] > limit.most:
            over = max(over, end - now)
    if over:
        raise Exceeded(over, spent)
    return spent


def forget_past(now: datetime.datetime) -> int:
    return Count.objects.filter(ends_at__lt=now).delete()[0]


def whoever_asks(request: HttpRequest) -> str:
    """The person who is signed in, else the address that they come from."""
    user = getattr(request, "user", AnonymousUser())
    return f"person {user.pk}" if user.is_authenticated else f"address {client_address(request)}"


def client_address(request: HttpRequest) -> str:
    """As the CDN says it; what a client writes into X-Forwarded-For itself is not believed. Of IPv6 the /64, as
    everybody has one whole."""
    told = request.META.get(settings.CLIENT_ADDRESS_HEADER, "").rpartition(":")[0] or request.META["REMOTE_ADDR"]
    try:
        address = ipaddress.ip_address(told.strip("[]"))
    except ValueError:  # a socket file, or a proxy that says something else: all of these count as one
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    # A server that listens on both sees IPv4 as a part of IPv6, and all of it lies in one /64.
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
