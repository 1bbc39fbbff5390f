import time
from itertools import count

import pytest
from django.core import signing
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.contact.forms import STAMP_GOOD_FOR
from accounts.contact.services import MESSAGES
from accounts.models import ContactMessage
from tests.factories import UserFactory
from tests.standins.clock import FrozenClock

pytestmark = pytest.mark.django_db

WRITTEN = {"category": "wish", "email": "somebody@example.com", "text": "もっと暗い壁を。"}


@pytest.fixture(params=["visitor", "person"])
def writer(request, client):
    """Whoever writes, as a message has them: nobody, or somebody who is signed in."""
    if request.param == "visitor":
        return None
    person = UserFactory()
    client.force_login(person)
    return person


def stamp(client):
    return client.get("/contact/").context["form"].stamp


def send(client, path="/contact/", **changes):
    return client.post(path, WRITTEN | {"stamp": stamp(client)} | changes)


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_a_message_is_kept_and_thanked_for(client, writer, language, prefix):
    answer = send(client, f"{prefix}/contact/")

    message = ContactMessage.objects.get()
    assert answer.url == f"{prefix}/contact/sent/"
    assert client.get(answer.url).status_code == 200
    assert (message.sender, message.language, message.status, message.mailed_at) == (writer, language, "new", None)
    assert {name: getattr(message, name) for name in WRITTEN} == WRITTEN


def test_looking_keeps_nothing(client, writer):
    assert client.get("/contact/").status_code == 200
    assert client.get("/contact/sent/").status_code == 200
    assert not ContactMessage.objects.exists()


def test_nothing_is_filled_in_beforehand(client, writer):
    form = client.get("/contact/").context["form"]

    assert [form[name].value() for name in WRITTEN] == [None, None, None]


def test_a_form_sent_twice_is_one_message(client, writer):
    once, twice = (send(client) for _ in range(2))

    assert (once.status_code, once.url) == (twice.status_code, twice.url)
    assert ContactMessage.objects.count() == 1


def test_a_visitor_gets_no_cookie_at_any_step():
    client = Client(enforce_csrf_checks=True)

    page = client.get("/contact/").content.decode()
    answers = [send(client, email="nothing"), send(client, stamp=""), send(client)]
    client.get(answers[-1].url)

    assert [answer.status_code for answer in answers] == [400, 400, 302]
    assert "csrfmiddlewaretoken" not in page
    assert not client.cookies


def test_a_page_with_a_stamp_is_kept_by_nobody(client, writer):
    assert client.get("/contact/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("text", ["あ" * 300, "\U0001f3ac" * 300, "a\r\n" * 149 + "bc", "e\u0301" * 300, "a\tb"])
def test_a_text_is_counted_as_it_is_read(client, text):
    assert send(client, text=text).status_code == 302

    kept = ContactMessage.objects.get().text
    assert len(kept) == (3 if "\t" in text else 300)
    assert "\r" not in kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", " \r\n "),
        ("text", "あ" * 301),
        ("text", "a\r\n" * 150 + "b"),
        ("text", "nul \0"),
        ("text", "turned \u202e"),
        ("email", ""),
        ("email", "nothing"),
        ("email", "nul\0@example.com"),
        ("email", "a@example.com\r\nBcc: b@example.com"),
        ("email", '"a\x0b,b"@example.com'),
        ("email", '"quoted"@example.com'),
        ("email", "a" * 64 + "@" + "b" * 60 + (".c" * 70) + ".jp"),
        ("category", ""),
        ("category", "praise"),
        ("category", "\0"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(client, writer, field, value):
    answer = send(client, **{field: value})

    form = answer.context["form"]
    assert answer.status_code == 400
    assert list(form.errors) == [field]
    assert [form[name].value() for name in WRITTEN] == list((WRITTEN | {field: value}).values())
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize("field", list(WRITTEN))
def test_an_error_is_tied_to_its_field_for_those_who_hear_the_page(client, field):
    page = send(client, **{field: ""}).content.decode()

    described_by = page.partition(f"id_{field}_error")[0].rpartition("aria-describedby=")[2]
    assert described_by in ('"', f'"id_{field}_helptext ')
    assert page.count(f"id_{field}_error") == 2


def test_a_hostile_text_is_shown_as_text(client):
    hostile = '</textarea><script>alert(1)</script>"><img src=x onerror=alert(1)>'

    page = send(client, text=hostile, email=hostile).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


@pytest.mark.parametrize("field", [*WRITTEN, "stamp"])
def test_lone_surrogates_by_an_odd_encoding_are_a_bad_request(client, field):
    body = encode_multipart(BOUNDARY, WRITTEN | {"stamp": "x", field: "a:\\ud800:b"})

    answer = client.post("/contact/", body, content_type=f"{MULTIPART_CONTENT}; charset=raw_unicode_escape")

    assert answer.status_code == 400
    assert not ContactMessage.objects.exists()


def test_bytes_that_are_no_text_break_nothing(client):
    sent = f"category=wish&email=a@example.com&text=%ED%A0%80%FF&stamp={stamp(client)}"

    answer = client.post("/contact/", sent, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 302


@pytest.mark.parametrize("also", [{}, {"email": "nothing"}, {"stamp": ""}])
def test_a_robot_is_thanked_and_nothing_is_kept(client, writer, also):
    answer = send(client, left_empty="https://spam.example", **also)

    assert (answer.status_code, answer.url) == (302, "/contact/sent/")
    assert not ContactMessage.objects.exists()


def test_what_robots_fill_in_is_out_of_peoples_way(client):
    page = client.get("/contact/").content.decode()

    trap = page.partition('<div class="visually-hidden" aria-hidden="true">')[2].partition("</div>")[0]
    assert 'name="left_empty"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def refused_for_its_stamp(client, stamp):
    answer = send(client, stamp=stamp)

    form = answer.context["form"]
    assert answer.status_code == 400
    assert list(form.errors) == ["__all__"]
    assert [form[name].value() for name in WRITTEN] == list(WRITTEN.values())
    assert not ContactMessage.objects.exists()
    return client.post("/contact/", WRITTEN | {"stamp": form.stamp}).status_code == 302


@pytest.mark.parametrize("forged", ["", "anybody", "anybody:1vTqzI:forged", "\0", "é:é:é"])
def test_without_a_true_stamp_nothing_is_kept_and_the_next_try_works(client, writer, forged):
    assert refused_for_its_stamp(client, forged)


def test_a_stamp_signed_for_something_else_is_worth_nothing(client):
    assert refused_for_its_stamp(client, signing.TimestampSigner(salt="elsewhere").sign("anybody"))


def test_a_stamp_is_good_for_a_day(client, writer, monkeypatch):
    seconds = STAMP_GOOD_FOR.total_seconds()
    monkeypatch.setattr(signing, "time", clock := FrozenClock(time.time()))
    old = stamp(client)

    clock.now += seconds + 1
    assert refused_for_its_stamp(client, old)

    clock.now -= 2
    assert send(client, text="in time", stamp=old).status_code == 302


def test_anothers_stamp_is_worth_nothing(client):
    another = Client()
    another.force_login(UserFactory())
    client.force_login(UserFactory())

    assert refused_for_its_stamp(client, stamp(another))


def test_a_visitors_stamp_is_worth_nothing_to_somebody_signed_in(client):
    before = stamp(client)
    client.force_login(UserFactory())

    assert refused_for_its_stamp(client, before)


def test_a_persons_stamp_is_worth_nothing_to_a_visitor(client):
    client.force_login(UserFactory())

    assert refused_for_its_stamp(Client(), stamp(client))


def test_too_many_messages_are_refused_with_the_words_still_there(client, writer):
    for n in range(MESSAGES.most):
        assert send(client, text=f"{n}").status_code == 302

    answer = send(client)

    form = answer.context["form"]
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= MESSAGES.span.total_seconds()
    assert list(form.errors) == ["__all__"]
    assert [form[name].value() for name in WRITTEN] == list(WRITTEN.values())
    assert ContactMessage.objects.count() == MESSAGES.most
    if writer is None:
        assert not client.cookies


def test_others_may_write_when_one_has_written_too_much(client):
    texts = map(str, count())
    while send(client, text=next(texts)).status_code == 302:
        pass

    person = Client()
    person.force_login(UserFactory())
    assert send(person).status_code == 302
    assert send(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


def test_mistakes_do_not_count(client):
    for _ in range(MESSAGES.most + 1):
        send(client, email="nothing")

    assert send(client).status_code == 302


@pytest.mark.parametrize("path", ["/contact/", "/contact/sent/"])
def test_other_methods_are_not_allowed(client, path):
    assert client.put(path).status_code == 405
