import base64
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mymovie import queues


class Command(BaseCommand):
    help = "dlq list: what has failed too often, up to ten of each queue; dlq replay [QUEUE …]: let it be tried again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["list", "replay"])
        parser.add_argument("queue", nargs="*")

    def handle(self, **options: Any) -> None:
        if unknown := set(options["queue"]) - set(queues.NAMES):
            raise CommandError(f"No queue is called {', '.join(sorted(unknown))}. There are {', '.join(queues.NAMES)}.")
        for name in options["queue"] or queues.NAMES:
            if options["act"] == "replay":
                self.stdout.write(f"{name}: {queues.replay(name)} put back")
                continue
            for message in queues.dead_letters(name):
                self.stdout.write(f"{name}: {told_of(message['Body'])} (received {received(message)} times)")


def told_of(body: str) -> str:
    """The task and what it was called with; what cannot be read is shown as it came."""
    try:
        message = json.loads(base64.b64decode(body))
        return f"{message['headers']['task']} {message['headers'].get('kwargsrepr', '')}"
    except (ValueError, KeyError, TypeError):
        return repr(body[:100])


def received(message: dict[str, Any]) -> str:
    times: str = message["Attributes"]["ApproximateReceiveCount"]
    return times
