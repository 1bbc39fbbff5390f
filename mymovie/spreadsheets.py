"""CSV that people open in a spreadsheet."""

from typing import Any


def disarmed(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula. What looks like a disarmed one is marked, too: it can be armed again."""
    is_formula = isinstance(value, str) and value.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def armed(cell: str) -> str:
    """As the cell was before it was disarmed."""
    return cell[1:] if cell.startswith("'") and disarmed(cell[1:]) == cell else cell
