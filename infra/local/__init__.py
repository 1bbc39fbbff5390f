"""The parts of production, on one machine, without root and without Docker: what `make run` and the tests start."""
