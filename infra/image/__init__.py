"""The container image: built and tried on one machine, with Docker or without. `make image` does all of it."""
