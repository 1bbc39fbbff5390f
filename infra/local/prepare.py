"""Bring database and queues up to date, in one process: starting Django takes longer than what is usually left to do."""

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mymovie.settings")
    django.setup()
    call_command("queues", "ensure")
    call_command("migrate", verbosity=0)
    call_command("load_catalogue")
    if "DEMO_SUBJECTS" in os.environ:
        call_command("load_demo")


if __name__ == "__main__":
    main()
