import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mymovie.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  # with all views, before workers are forked
# What is loaded stays: looked through for garbage it would be copied to each worker.
gc.collect()
gc.freeze()
