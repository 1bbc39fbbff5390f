"""What the web server loads before it forks its workers: all that a first page would else make in each of them."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mymovie.settings")
application = get_wsgi_application()

for language, _name in settings.LANGUAGES:
    with override(language):
        reverse("about")  # with all views, and the addresses of all pages
templates = settings.BASE_DIR / "templates"
for template in templates.rglob("*.html"):
    get_template(f"{template.relative_to(templates)}")

# What is loaded stays: looked through for garbage it would be copied to each worker.
gc.collect()
gc.freeze()
