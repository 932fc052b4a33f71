"""Which CloudFormation resource types are read, and how; each family is loaded when a template needs it."""

from importlib import import_module

from s3audit.collectors.documents.shape import Shape

_FAMILIES = {
    "bucket": (
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::S3Express::DirectoryBucket",
        "AWS::S3Express::BucketPolicy",
    ),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}

TYPES = frozenset(_FAMILY_OF)
"""Every resource type that is read."""


def shape_for(type_name: str) -> Shape | None:
    """How a resource of this type fills the model; None when it is not for us."""
    family = _FAMILY_OF.get(type_name)
    if family is None:
        return None
    tables: dict[str, Shape] = import_module(f"{__name__}.{family}").TABLES
    return tables[type_name]
