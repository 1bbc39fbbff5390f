"""What can be said of a picture without knowing every pixel of it."""

from io import BytesIO

from PIL import Image, ImageChops

from movies.sharing.painting.colours import INK, PAPER, RED


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def inked(image: Image.Image, box: tuple[int, int, int, int] | None = None) -> tuple[int, int, int, int] | None:
    """The smallest box around all that is not paper; None where there is only paper."""
    part = image.crop(box) if box else image
    ground = Image.new("RGB", part.size, PAPER)
    return ImageChops.difference(part, ground).getbbox()


def share_of(image: Image.Image, colour: str, *, within: int = 12) -> float:
    """How much of the picture has nearly this colour."""
    wanted = Image.new("RGB", image.size, colour)
    channels = ImageChops.difference(image, wanted).split()
    largest = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    return sum(largest.histogram()[: within + 1]) / (image.width * image.height)


__all__ = ["INK", "PAPER", "RED", "inked", "opened", "share_of"]
