import json
import subprocess
import sys

from django.conf import settings

from tests.infra.running import bare_environment

TELL = "import json; from mymovie import settings; print(json.dumps(settings.DATABASES['default'], default=str))"


def test_the_database_may_be_told_apart_from_who_we_are() -> None:
    told = {
        "DEBUG": "1",
        "DATABASE_URL": "postgres://db.example:5432/mymovie?sslmode=require",
        "DATABASE_USER": "mymovie",
        "DATABASE_PASSWORD": "a/word:with@signs%",
    }

    answer = subprocess.run(
        [sys.executable, "-c", TELL],
        env=bare_environment() | told,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    database = json.loads(answer.stdout)
    assert (database["USER"], database["PASSWORD"], database["HOST"]) == (
        "mymovie",
        "a/word:with@signs%",
        "db.example",
    )
    assert database["OPTIONS"]["sslmode"] == "require"
