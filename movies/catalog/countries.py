"""The names of countries, of which a film knows only the code."""

from babel import Locale, localedata
from django.utils.translation import get_language

# What people say where the official name is a mouthful, and countries that are no longer there, by the codes under which
# films still know them.
_NAMES = {
    "HK": ("香港", "Hong Kong"),
    "MO": ("マカオ", "Macao"),
    "US": ("アメリカ", "United States"),
    "AN": ("オランダ領アンティル", "Netherlands Antilles"),
    "CS": ("セルビア・モンテネグロ", "Serbia and Montenegro"),
    "SU": ("ソビエト連邦", "Soviet Union"),
    "XC": ("チェコスロバキア", "Czechoslovakia"),
    "XG": ("東ドイツ", "East Germany"),
    "YU": ("ユーゴスラビア", "Yugoslavia"),
    "ZR": ("ザイール", "Zaire"),
}
_TERRITORIES = {language: dict(Locale(language).territories) for language in ("ja", "en")}
"""Read once for all processes that are forked from this one."""

# A hundred times as much stands beside them in what they are read from, and Babel would keep it.
localedata._cache.clear()


def country_name(code: str) -> str:
    """In the page's language; the code itself where nobody knows it, and nothing for none."""
    language = "ja" if get_language() == "ja" else "en"
    if code in _NAMES:
        return _NAMES[code][0 if language == "ja" else 1]
    return str(_TERRITORIES[language].get(code, code))
