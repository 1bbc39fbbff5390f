class FrozenClock:
    """Time that passes only where somebody sleeps; `slept` is by how much."""

    def __init__(self, now: float = 1_800_000_000) -> None:
        self.now = now
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.now += seconds
