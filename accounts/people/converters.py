"""What addresses of people are made of."""

from accounts.people import handles


class HandleConverter:
    """A handle as people write it; capitals are one with small letters."""

    regex = handles.LOOSE

    def to_python(self, written: str) -> str:
        return written.lower()

    def to_url(self, handle: str) -> str:
        return handle
