from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(request: HttpRequest) -> str:
    """The first of ours in Accept-Language; ours, where none of them is."""
    for wanted, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        code = wanted.partition("-")[0]
        if weight and code in dict(settings.LANGUAGES):
            return code
    return settings.LANGUAGE_CODE
