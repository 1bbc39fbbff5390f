"""How much of an upload is taken in."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep a file: beyond LARGEST_UPLOAD they get no more of it.

    What they have kept by then is larger than allowed, so that the form refuses it and says why.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.LARGEST_UPLOAD else None

    def file_complete(self, file_size: int) -> None:
        return None
