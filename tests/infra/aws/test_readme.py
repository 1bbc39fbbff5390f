import re

from infra.local.folder import ROOT
from mymovie import queues
from tests.infra.aws.conftest import Templates


def test_every_alarm_is_explained(hobby: Templates) -> None:
    names = [alarm["AlarmName"].removeprefix("mymovie-") for alarm in hobby.every("AWS::CloudWatch::Alarm", "Watching")]
    a_queue = re.compile("-(" + "|".join(queues.NAMES) + ")$")
    text = (ROOT / "infra" / "README.md").read_text()

    explained = re.findall(r"^\| `([a-zA-Z-]+)` \|", text.partition("## Alarms")[2], re.M)

    assert sorted(explained) == sorted({a_queue.sub("-QUEUE", name) for name in names})
