import json

from kombu.transport.SQS import Channel

from infra.aws.nightly import LOOK, TELL
from infra.aws.schedule import TASK, when
from mymovie.outbox.tasks import run_chore
from mymovie.schedule import CHORES
from tests.infra.aws.conftest import Templates


def test_everything_periodic_is_done_by_one_of_the_two(hobby: Templates) -> None:
    by_messages = {schedule["Name"] for schedule in hobby.every("AWS::Scheduler::Schedule", "Schedule")}

    assert by_messages | {*LOOK} == CHORES.keys()
    assert {*TELL} <= by_messages


def test_each_goes_to_its_queue_as_often_as_it_is_due(hobby: Templates) -> None:
    for schedule in hobby.every("AWS::Scheduler::Schedule", "Schedule"):
        chore = CHORES[schedule["Name"]]
        assert schedule["ScheduleExpression"] == when(chore)
        assert chore.queue.replace("-", "") in json.dumps(schedule["Target"]["Arn"])


def test_how_often_is_written_as_scheduler_reads_it() -> None:
    assert when(CHORES["wake_imports"]) == "rate(1 minute)"
    assert when(CHORES["plan_reminders"]) == "rate(10 minutes)"
    assert when(CHORES["discover_openings"]) == "cron(0 18 * * ? *)"
    assert when(CHORES["forget_runs"]) == "cron(0 0 * * ? *)"


def test_a_message_is_one_that_a_worker_reads(hobby: Templates) -> None:
    """What Scheduler puts on the queue, taken by the code of Celery's worker."""
    for schedule in hobby.every("AWS::Scheduler::Schedule", "Schedule"):
        body = schedule["Target"]["Input"].replace("<aws.scheduler.scheduled-time>", "2026-11-29T18:00:00Z")
        channel = Channel.__new__(Channel)
        payload = channel._prepare_json_payload(channel._decode_python_message_body(body).decode())

        assert payload["headers"]["task"] == TASK
        assert payload["headers"]["due_at"] == "2026-11-29T18:00:00Z"
        arguments, named, _ = json.loads(payload["body"])
        assert (arguments, named) == ([], {"job": schedule["Name"]})
        assert payload["properties"]["delivery_info"]["routing_key"] == CHORES[schedule["Name"]].queue
    assert run_chore.name == TASK


def test_the_nightly_machine_tries_again_and_then_says_so(hobby: Templates) -> None:
    machine = hobby.only("AWS::StepFunctions::StateMachine", "Nightly")
    words = json.dumps(machine["DefinitionString"]).replace("\\", "")

    assert words.count('"Retry"') == words.count('"Catch"') == 2
    assert "ecs:runTask.sync" in words
    assert "sns:publish" in words
    assert words.index(LOOK[0]) < words.index(TELL[0])
    begin = hobby.only("AWS::Scheduler::Schedule", "Nightly")
    assert begin["ScheduleExpression"] == "cron(0 18 * * ? *)"
