"""What an address asks for is learnt from the address itself; what is sent there is undone."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client


class Asked:
    """The names that views and forms look for in what was sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            monkeypatch.setattr(QueryDict, method, self.noting(getattr(QueryDict, method)))

    def noting(self, look: Any) -> Any:
        def noted(sent: QueryDict, name: str, *others: Any, **named: Any) -> Any:
            self.names.add(name)
            return look(sent, name, *others, **named)

        return noted


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within, the next request finds the same world."""
    within = transaction.atomic()
    within._from_testcase = True  # type: ignore[attr-defined]  # durable ones may begin in it
    with within:
        yield
        transaction.set_rollback(True)


def send(
    client: Client, method: str, address: str, data: dict[str, Any], *, undoes: bool = True, **headers: str
) -> HttpResponse:
    """As a form, whatever it holds."""
    sent = urlencode(data, errors="surrogatepass", doseq=True)
    with undone() if undoes else nullcontext():
        if method == "get":
            answer = client.get(f"{address}?{sent}", headers=headers)
        else:
            answer = client.post(address, sent, "application/x-www-form-urlencoded", headers=headers)
        if answer.streaming:
            body = b"".join(answer.streaming_content)
            answer.streaming_content = iter([body])
        return answer
