class TmdbError(Exception):
    """TMDB gave no usable answer. Neither message nor cause holds the token or the words that were searched for."""


class NotFound(TmdbError):
    """TMDB itself says that there is no such film (or no longer); any other 404 is `Unavailable`."""


class BadKey(TmdbError):
    """Our token is missing, malformed or refused: for the operator to mend, in TMDB_TOKEN."""


class Invalid(TmdbError):
    """TMDB cannot read our question, or we cannot read its answer: a fault in this client."""


class Unavailable(TmdbError):
    """No answer, a broken one or a stranger's: ask again later, after `retry_after` seconds when TMDB named them.

    `is_passing` tells that the same question may well be answered in a moment.
    """

    def __init__(self, message: str, *, is_passing: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.is_passing = is_passing
        self.retry_after = retry_after


class RateLimited(Unavailable):
    """Too many requests, by TMDB's count or by our own."""
