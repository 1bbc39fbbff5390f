"""How large the image is, and what fills it."""

from infra.image import engine


def tell() -> None:
    engine.provide()
    size = int(engine.quietly(*engine.runner(), "image", "inspect", "--format", "{{.Size}}", engine.NAME))
    engine.said(f"{engine.NAME}: {size / 1e6:.0f} MB")
    layers = engine.quietly(*engine.runner(), "history", "--format", "{{.Size}}\t{{.CreatedBy}}", engine.NAME)
    for line in layers.splitlines():
        size_of_layer, _, made_by = line.partition("\t")
        if not size_of_layer.startswith("0"):
            engine.said(f"  {size_of_layer:>9}  {made_by.removeprefix('/bin/sh -c ')[:90]}")
