"""What a template gives a resource, as the parameters of the API call that makes it.

CloudFormation and the API mostly say the same in other letters. The shapes that botocore has of every call know the
difference, and what the call does not know at all is told.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Tell = Callable[[str], None]


def fit(shape: Any, value: Any, where: str, tell: Tell) -> Any:
    """`value` in the shape of the API; `tell` is called with the place of each property that the API does not know."""
    match shape.type_name:
        case "structure" if is_counted(shape, value):
            items = value if isinstance(value, list) else value["Items"]
            fitted = fit(shape.members["Items"], items, where, tell)
            return ({"Quantity": len(fitted)} if "Quantity" in shape.members else {}) | {"Items": fitted}
        case "structure" if isinstance(value, Mapping):
            return _structure(shape, value, where, tell)
        case "list":
            values = value if isinstance(value, list) else [value]
            return [fit(shape.member, each, f"{where}[]", tell) for each in values]
        case "map":
            return _map(shape, value, where, tell)
        case "string":
            return _text(value)
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "blob":
            return _text(value).encode()
    return value


def is_counted(shape: Any, value: Any) -> bool:
    """CloudFront's lists: CloudFormation leaves their count out, and mostly the name of their items too."""
    if "Items" not in shape.members or not shape.members.keys() <= {"Quantity", "Items"}:
        return False
    return isinstance(value, list) or (isinstance(value, Mapping) and value.keys() == {"Items"})


def _structure(shape: Any, value: Mapping[str, Any], where: str, tell: Tell) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    if value.keys() <= {"Key", "Value"} and "tagkey" in members:
        value = {f"Tag{name}": each for name, each in value.items()}
    fitted = {}
    for name, each in value.items():
        if member := members.get(name.lower()):
            fitted[member] = fit(shape.members[member], each, f"{where}.{name}", tell)
        else:
            tell(f"{where}.{name}")
    return fitted


def _map(shape: Any, value: Any, where: str, tell: Tell) -> dict[str, Any]:
    """Tags come as a list. What is named by the API's own words, as a queue's attributes, is held against these."""
    pairs = {each["Key"]: each["Value"] for each in value} if isinstance(value, list) else value
    words = getattr(shape.key, "enum", [])
    for name in pairs:
        if words and name not in words:
            tell(f"{where}.{name}")
    return {name: fit(shape.value, each, f"{where}.{name}", tell) for name, each in pairs.items()}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        return json.dumps(value)
    return str(value)
