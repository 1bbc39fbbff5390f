import atexit
import gc

from mymovie.celery import app as celery_app

__all__ = ["celery_app"]

# Nothing needs to be collected from a process that ends: it is gone in a tenth of a second, instead of one.
atexit.register(gc.freeze)
