import datetime

import pytest
from django.utils import timezone

from accounts.mail.jobs import CLAIMS_GOOD_FOR, KEPT_FOR, doubt_old_claims, forget_notices
from accounts.mail.models import Notice, State
from tests.factories import NoticeFactory

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)


def test_a_claim_whose_worker_is_lost_is_in_doubt() -> None:
    now = timezone.now()
    old = NoticeFactory(state=State.CLAIMED, claimed_at=now - CLAIMS_GOOD_FOR - SECOND)
    fresh = NoticeFactory(state=State.CLAIMED, claimed_at=now)
    sent = NoticeFactory(state=State.SENT, claimed_at=now - CLAIMS_GOOD_FOR - SECOND)

    assert [doubt_old_claims(), doubt_old_claims()] == [1, 0]

    states = dict(Notice.objects.values_list("pk", "state"))
    assert states == {old.pk: State.IN_DOUBT, fresh.pk: State.CLAIMED, sent.pk: State.SENT}


def test_what_was_settled_long_ago_is_forgotten_and_what_is_in_doubt_is_not() -> None:
    for state in State:
        NoticeFactory(state=state)
    Notice.objects.update(created_at=timezone.now() - KEPT_FOR - SECOND)
    NoticeFactory(state=State.SENT)

    assert forget_notices() == 3

    left = Notice.objects.order_by("pk").values_list("state", flat=True)
    assert list(left) == [State.NEW, State.CLAIMED, State.IN_DOUBT, State.SENT]
