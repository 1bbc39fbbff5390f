"""Our resources in moto's CloudFormation."""

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import moto.cloudformation.parsing as parsing
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException, ValidationError
from moto.cloudformation.models import CloudFormationBackend
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException

from infra.aws.proof.kinds import KINDS, NOT_CALLED
from infra.aws.proof.making import TYPES, Made, Place, make


class Resource(CloudFormationModel):
    """One resource of a type that moto lacks; the subclass says which."""

    endpoint = ""
    kind = ""
    faults: Path

    def __init__(self, made: Made) -> None:
        self.made = made

    @property
    def physical_resource_id(self) -> str:
        return self.made.ref

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.kind

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return KINDS[cls.kind].named if cls.kind in KINDS else ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        if attribute_name not in self.made.attributes:
            raise ValidationError(message=f"{self.kind} has no attribute {attribute_name}")
        return self.made.attributes[attribute_name]

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **known: Any
    ) -> "Resource":
        place = Place(cls.endpoint, account_id, region_name, partial(tell, cls.faults))
        return cls(make(cls.kind, resource_name, dict(cloudformation_json.get("Properties", {})), place))


def tell(faults: Path, where: str) -> None:
    if where not in NOT_CALLED:
        note(faults, f"{where} is known to no API")


def note(faults: Path, fault: str) -> None:
    with faults.open("a") as lines:
        lines.write(f"{fault}\n")


def extend(endpoint: str, faults: Path) -> None:
    """Ours win over moto's. What a template asks for and no API knows becomes a line of the file `faults`."""
    for kind in TYPES:
        members = {"endpoint": endpoint, "kind": kind, "faults": faults}
        model: type[Resource] = type(kind.replace("::", ""), (Resource,), members)
        parsing.get_model_map()[kind] = model
        parsing.get_name_type_map()[kind] = model.cloudformation_name_type()
    class_of: Callable[[str], Any] = parsing.resource_class_from_type
    make_one: Callable[..., Any] = parsing.parse_and_create_resource

    def ours_or_motos(kind: str) -> Any:
        return parsing.get_model_map()[kind] if kind in TYPES else class_of(kind)

    def in_clear_words(logical_id: str, resource_json: Any, *rest: Any, **named: Any) -> Any:
        """moto skips a type that it does not know, and takes a KeyError within one for a reference to nothing."""
        kind = resource_json["Type"]
        if kind not in parsing.get_model_map():
            note(faults, f"{kind} ({logical_id}) cannot be made here: it needs a line in kinds.py")
            return None
        try:
            return make_one(logical_id, resource_json, *rest, **named)
        except ValidationError:
            raise
        except Exception as error:
            traceback.print_exc()
            raise ValidationError(message=f"{kind} {logical_id}: {type(error).__name__}: {error}") from error

    create: Callable[..., Any] = CloudFormationBackend.create_stack

    def create_or_refuse(*rest: Any, **named: Any) -> Any:
        """What falls over in moto would be a 500, which the CLI asks for again and again."""
        try:
            return create(*rest, **named)
        except (ServiceException, UnformattedGetAttTemplateException):
            raise
        except Exception as error:
            traceback.print_exc()
            raise ValidationError(message=f"{type(error).__name__}: {error}") from error

    CloudFormationBackend.create_stack = create_or_refuse
    parsing.resource_class_from_type = ours_or_motos
    parsing.parse_and_create_resource = in_clear_words
