"""What of imports goes into the archive of whoever made them: the files, what stood in them row by row, and what came of it.

A `Mention` does not. How the file names a film stands in its rows; which of ours was meant, in their entries and in the
picks; and the films that were weighed against each other are TMDB's.
"""

from movies.diary.export import Part
from movies.imports.models import Batch, Change, Pick, Row

HOW_FAR = frozenset({"attempts", "step_done", "step_total", "step_began_at", "progress_at"})

PARTS = [
    Part("imports", Batch, "owner", left_out=HOW_FAR | {"stored_as"}),
    # Read anew, `raw` says `said`.
    Part("import_rows", Row, "batch__owner", left_out=frozenset({"said", "mention"})),
    # What was overruled stands nowhere else.
    Part("import_changes", Change, "batch__owner"),
    Part("import_picks", Pick, "owner"),
]
