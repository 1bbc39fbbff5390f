"""The names of countries, of which a film knows only the code."""

from babel import Locale
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


def country_name(code: str) -> str:
    """In the page's language; the code itself where nobody knows it, and nothing for none."""
    is_japanese = get_language() == "ja"
    if code in _NAMES:
        return _NAMES[code][0 if is_japanese else 1]
    return str(Locale("ja" if is_japanese else "en").territories.get(code, code))
