"""How days are written in Japanese."""

DATE_FORMAT = "Y年n月j日（D）"
SHORT_DATE_FORMAT = "Y.m.d"
YEAR_MONTH_FORMAT = "Y年n月"
