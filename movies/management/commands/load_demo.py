import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from movies.diary import demo


class Command(BaseCommand):
    help = (
        "Make the demo people, unless they are there already; DEMO_SUBJECTS says who they are to the sign-in provider"
    )

    def handle(self, **options: Any) -> None:
        try:
            subjects = json.loads(os.environ["DEMO_SUBJECTS"])
        except (KeyError, ValueError) as error:
            raise CommandError('DEMO_SUBJECTS must hold JSON, {"hanako": "her subject", …}') from error
        for person in demo.make(subjects):
            self.stdout.write(f"{person} is here")
