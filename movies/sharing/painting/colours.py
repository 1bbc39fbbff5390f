"""The site's own colours by day, as mymovie/static/css/site.css names them."""

PAPER = "#f6f2ea"
INK = "#1c1815"
SOFT = "#6a6157"
LINE = "#ddd5c8"
RED = "#c0391f"
GOLD = "#d8921d"
STAR_GROUND = "#ddd3c2"
