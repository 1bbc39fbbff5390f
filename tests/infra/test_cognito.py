import json
import os

from infra.local.cognito import UserPool


def pool() -> UserPool:
    return UserPool(os.environ["AWS_ENDPOINT_URL"])


def test_a_site_that_moved_to_another_port_is_the_same_client_with_new_addresses() -> None:
    before = pool().client("a site that moves", "http://127.0.0.1:8000")

    after = pool().client("a site that moves", "http://127.0.0.1:8123")

    assert after == before
    known = pool().cognito.describe_user_pool_client(UserPoolId=pool().pool_id, ClientId=after.client_id)[
        "UserPoolClient"
    ]
    assert known["CallbackURLs"] == ["http://127.0.0.1:8123/sign-in/callback"]
    assert known["LogoutURLs"] == ["http://127.0.0.1:8123/", "http://127.0.0.1:8123/en/"]


def test_people_are_made_once() -> None:
    told = json.loads(os.environ["DEMO_SUBJECTS"])

    again = pool().subjects()

    assert again == told
    assert again.keys() == {"hanako", "taro", "himitsu", "newcomer", "staff"}
