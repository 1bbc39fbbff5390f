from typing import Any

from django.core.management.base import BaseCommand

from accounts.contact import jobs


class Command(BaseCommand):
    help = "Tell staff by mail of the messages that they were not told of yet"

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{jobs.mail_staff()} messages mailed")
