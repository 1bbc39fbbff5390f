"""How days are written in English."""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "j M Y"
YEAR_MONTH_FORMAT = "F Y"
