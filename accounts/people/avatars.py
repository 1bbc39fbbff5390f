"""What becomes of an uploaded avatar: judged by its content alone, and painted anew, so that nothing else of it is left."""

import contextlib
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF")
MOST_MEGAPIXELS = 20
SIZES = (64, 128, 512)
LARGEST = max(SIZES)
UPLOADS = "avatars/uploads/"

# What one part of Pillow or another raises for a broken file.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, RuntimeError, EOFError, IndexError, OverflowError, struct.error)


class AvatarError(Exception):
    """`message` is for whoever uploaded the file."""

    code: str
    message: Promise


class NotAPicture(AvatarError):
    code = "not_a_picture"
    message = _("This is no picture that we can read. Choose a PNG, JPEG, WebP or AVIF.")


class TooLarge(AvatarError):
    code = "too_large"
    message = _("The file is too large. Choose one of at most %(megabytes)d MB.")


class TooManyPixels(AvatarError):
    code = "too_many_pixels"
    message = _("The picture has too many pixels. Choose one of at most %(megapixels)d megapixels.")


def upload_name(token: str) -> str:
    return f"{UPLOADS}{token}"


def token_of(upload: str) -> str:
    """What the names of an upload's pictures begin with."""
    return upload.removeprefix(UPLOADS)


def picture_names(token: str) -> dict[int, str]:
    """By size; none for somebody without an avatar, whose token is empty."""
    return {size: f"avatars/{token}-{size}.webp" for size in SIZES} if token else {}


def inspect(file: File) -> None:
    """Judge a file by its size and its header; no pixel is loaded. Raises AvatarError."""
    if file.size > settings.LARGEST_UPLOAD:
        raise TooLarge
    with _opened(file):
        file.seek(0)


def validate_avatar(file: File) -> None:
    try:
        inspect(file)
    except AvatarError as error:
        limits = {"megabytes": settings.LARGEST_UPLOAD // 2**20, "megapixels": MOST_MEGAPIXELS}
        raise ValidationError(str(error.message), code=error.code, params=limits) from error


def paint(file: IO[bytes]) -> dict[int, bytes]:
    """The picture's middle, upright and in sRGB, as WebP by size, without a trace of the file. Raises AvatarError."""
    with _opened(file) as image:
        square = _upright(_middle(image))
    square = _in_srgb(square)
    square.info.clear()
    return {size: _as_webp(square.resize((size, size), Image.Resampling.LANCZOS)) for size in SIZES}


@contextlib.contextmanager
def _opened(file: IO[bytes] | File) -> Iterator[Image.Image]:
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_MEGAPIXELS * 10**6:
                raise TooManyPixels
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except BROKEN as error:
        raise NotAPicture from error


def _middle(image: Image.Image) -> Image.Image:
    """The first frame's square, as large as the largest picture. A JPEG is decoded no larger than that needs."""
    image.draft(None, (2 * LARGEST, 2 * LARGEST))
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256)  # Pillow's own conversion has no greys
    mode = "RGBA" if image.has_transparency_data else image.mode if image.mode in ("L", "CMYK") else "RGB"
    if mode != image.mode:
        image = image.convert(mode)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = (left, top, left + side, top + side)
    return image.resize((LARGEST, LARGEST), Image.Resampling.LANCZOS, box=box, reducing_gap=3)


def _upright(image: Image.Image) -> Image.Image:
    """As EXIF says; what says nothing that can be understood stays as it is."""
    with contextlib.suppress(*BROKEN):
        return ImageOps.exif_transpose(image)
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """By its own colour profile; one that is broken, or for other pictures than this, is passed over as browsers do."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile := image.info.get("icc_profile"):
        with contextlib.suppress(ImageCms.PyCMSError):
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, BytesIO(profile), srgb, outputMode=mode) or image
    return image.convert(mode)


def _as_webp(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=85, method=6)
    return buffer.getvalue()
