from pathlib import Path

import psycopg
import pytest

from infra.local.postgres import Postgres
from infra.local.trouble import Trouble


def test_a_server_in_a_folder_too_deep_for_a_socket_answers_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "a-folder-with-a-rather-long-name" / "and-another-one-that-is-even-longer-than-that-one"

    with Postgres(folder / "postgres", durable=False) as server, psycopg.connect(server.url()) as connection:
        answer = connection.execute("SELECT current_user, current_setting('listen_addresses')").fetchone()

    assert answer == ("mymovie", "")
    assert not server.socket_dir.exists()


def test_what_was_half_made_is_made_anew(tmp_path: Path) -> None:
    broken_off = tmp_path / "postgres.new"
    broken_off.mkdir()
    (broken_off / "PG_VERSION").write_text("18\n")

    with Postgres(tmp_path / "postgres", durable=False) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        answer = connection.execute("SELECT show_trgm('千と千尋') && show_trgm('千と千尋の神隠し')").fetchone()

    assert answer == (True,)


def test_two_servers_do_not_pass_for_one_another(tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres", durable=False) as server:
        with pytest.raises(Trouble, match="another PostgreSQL runs"), Postgres(tmp_path / "postgres", durable=False):
            pass

        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
