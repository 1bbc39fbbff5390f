"""How often an app may ask. Counted for the person, for their personal token, and where nobody is signed in for the address."""

import datetime
from dataclasses import dataclass

from rest_framework.request import Request

from mymovie.limits.services import Limit, Spent, client_address, spend_all

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Quota:
    person: Limit
    token: Limit
    address: Limit

    @classmethod
    def of(cls, name: str, *, person: int, token: int, address: int, span: datetime.timedelta) -> "Quota":
        return cls(*(Limit(name, most, span) for most in (person, token, address)))

    def spend(self, request: Request) -> list[Spent]:
        """Raises Exceeded."""
        if not request.user.is_authenticated:
            return spend_all([(self.address, f"address {client_address(request._request)}")])
        wanted = [(self.person, f"person {request.user.pk}")]
        if token := getattr(request.auth, "counted_as", ""):
            wanted.append((self.token, token))
        return spend_all(wanted)


READ = Quota.of("read", person=600, token=300, address=300, span=MINUTE)
WRITE = Quota.of("write", person=120, token=60, address=30, span=MINUTE)
SEARCH = Quota.of("search", person=120, token=60, address=60, span=MINUTE)
SIGN_IN = Quota.of("sign-in", person=30, token=30, address=30, span=MINUTE)
# Whole files, in or out.
IMPORT = Quota.of("import", person=10, token=10, address=10, span=HOUR)


def headers(spent: list[Spent]) -> dict[str, str]:
    """As the IETF's draft "RateLimit header fields for HTTP" has them; of several limits that which ends first."""
    tightest = min(spent, key=lambda one: one.left)
    limit = tightest.limit
    return {
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={int(limit.span.total_seconds())}',
        "RateLimit": f'"{limit.name}";r={tightest.left};t={tightest.ends_in}',
    }
