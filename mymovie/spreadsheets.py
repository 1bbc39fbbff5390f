"""CSV that people open in a spreadsheet."""

from typing import Any


def disarmed(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def armed(cell: str) -> str:
    """As the cell was before it was disarmed."""
    return cell[1:] if cell.startswith("'") and disarmed(cell[1:]) == cell else cell
