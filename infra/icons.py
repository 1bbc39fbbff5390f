"""Draws the site's icons for devices that want them in pixels, after mymovie/static/img/icon.svg: `python -m infra.icons`."""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "mymovie" / "static" / "img"
UNITS = 180  # that the drawing is wide
FINER = 8  # times, and scaled down: the edges are smooth
INK, RED, PAPER = "#1c1815", "#c63d22", "#f6f2ea"
CLEAR = (0, 0, 0, 0)


def icon(size: int, *, corner: float = 0, within: float = 1) -> Image.Image:
    """`corner`: the radius of its corners; `within`: how much of it the sign may fill, where a device cuts it to a shape."""
    image = canvas(size)
    edge = image.width - 1
    ImageDraw.Draw(image).rounded_rectangle((0, 0, edge, edge), corner / UNITS * image.width, fill=INK)
    sign(image, within, RED, PAPER)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def monochrome(size: int) -> Image.Image:
    """Its shape alone: the device gives the colour."""
    image = canvas(size)
    sign(image, 0.85, "#000", "#000")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def canvas(size: int) -> Image.Image:
    return Image.new("RGBA", (size * FINER, size * FINER), CLEAR)


def sign(image: Image.Image, within: float, sun: str, door: str) -> None:
    """A red sun and a lit door: in the drawing's own units, about its middle."""

    def at(units: float) -> float:
        return ((units - UNITS / 2) * within + UNITS / 2) / UNITS * image.width

    draw = ImageDraw.Draw(image)
    draw.ellipse([at(28), at(72), at(108), at(152)], fill=sun)
    draw.rectangle([at(116), at(34), at(138) - 1, at(146) - 1], fill=door)


ICONS = {
    "icon-180.png": lambda: icon(180),  # iOS rounds its corners itself
    "icon-192.png": lambda: icon(192, corner=36),
    "icon-512.png": lambda: icon(512, corner=36),
    "icon-maskable-512.png": lambda: icon(512, within=0.85),  # all of the sign in the inner 80 %
    "icon-monochrome-512.png": lambda: monochrome(512),
}


def main() -> None:
    for name, draw in ICONS.items():
        draw().save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
