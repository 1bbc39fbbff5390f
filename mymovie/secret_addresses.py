"""Addresses that are their own key: whoever has one can read what is there, so it is a secret, and it names nobody."""

import datetime
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import F, Model
from django.urls import reverse

from mymovie.limits.services import Limit

CHANGES = Limit("secret address", 20, datetime.timedelta(hours=1))

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class SecretAddresses(Generic[Row]):
    """Those of one kind, at most one an owner. `model` has an `owner`, and an `edition` that ends the address of before;
    `view` reads what is there by its `token`."""

    model: type[Row]
    view: str
    salt: str

    def make(self, *, owner: Any) -> Row:
        """An address for `owner`; asked twice, the same."""
        row, _is_new = self._rows.get_or_create(owner=owner)
        return row

    def renew(self, *, owner: Any) -> None:
        """Another one, if there was one: that ends at once."""
        self._rows.filter(owner=owner).update(edition=F("edition") + 1)

    def end(self, *, owner: Any) -> None:
        """For good: one that is made later has another key, and so another address."""
        self._rows.filter(owner=owner).delete()

    def row_of(self, owner: Any) -> Row | None:
        return self._rows.filter(owner=owner).first()

    def of(self, owner: Any) -> str:
        """The whole address; "" where there is none."""
        row: Any = self.row_of(owner)
        if row is None:
            return ""
        return settings.SITE_URL + reverse(self.view, args=[self._signer.sign_object([row.pk, row.edition])])

    def at(self, token: str) -> Row | None:
        """None for what we never gave out, for an address of before, and where its owner is no longer here."""
        try:
            pk, edition = self._signer.unsign_object(token)
        except BadSignature:
            return None
        here = self._rows.filter(owner__is_active=True).select_related("owner")
        return here.filter(pk=pk, edition=edition).first()

    @property
    def _rows(self) -> Any:
        return self.model._default_manager

    @property
    def _signer(self) -> Signer:
        return Signer(salt=self.salt, sep=".")
