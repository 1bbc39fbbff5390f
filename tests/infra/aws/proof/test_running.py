import datetime
import json

import pytest

from infra.aws.proof.running import written
from infra.local.trouble import Trouble

MOMENT = datetime.datetime(2026, 11, 27, 18, 0, tzinfo=datetime.UTC)


def test_scheduler_writes_its_time_and_its_run_in_place_of_their_names() -> None:
    message = json.dumps({"id": "<aws.scheduler.execution-id>", "due_at": "<aws.scheduler.scheduled-time>"})

    told = json.loads(written(message, "look_for_sheets", MOMENT))

    assert told["due_at"] == "2026-11-27T18:00:00Z"
    assert datetime.datetime.fromisoformat(told["due_at"]) == MOMENT
    assert "<" not in told["id"]


def test_a_word_that_scheduler_does_not_know_is_a_fault() -> None:
    with pytest.raises(Trouble, match="look_for_sheets names something"):
        written('{"due_at": "<aws.scheduler.time>"}', "look_for_sheets", MOMENT)
