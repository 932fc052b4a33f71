"""S3 Metadata: what is asked for, and the tables that S3 makes of it."""

from functools import partial
from typing import Any

from s3audit.demo.answers import Document, Refused
from s3audit.demo.buckets import found
from s3audit.demo.call import Call, Handler

_GET = "GetBucketMetadataConfiguration"
_RESULT = "GetBucketMetadataConfigurationResult"
_GET_V1 = "GetBucketMetadataTableConfiguration"
_RESULT_V1 = "GetBucketMetadataTableConfigurationResult"
_INSIDE = "MetadataConfigurationResult"
_TABLES = ("Journal", "Inventory", "Annotation")


def _create(call: Call) -> Document:
    bucket = found(call)
    asked = call.parameters["MetadataConfiguration"]
    space = f"b_{bucket.name}"
    tables = f"arn:aws:s3tables:{bucket.region}:{bucket.account}:bucket/aws-s3"
    made: dict[str, Any] = {
        "DestinationResult": {
            "TableBucketType": "aws",
            "TableBucketArn": tables,
            "TableNamespace": space,
        }
    }
    for table in _TABLES:
        told = asked.get(f"{table}TableConfiguration")
        if told is not None:
            made[f"{table}TableConfigurationResult"] = _table(table, told, tables)
    bucket.documents[_GET] = {_RESULT: {_INSIDE: made}}
    return {}


def _table(table: str, asked: Document, tables: str) -> dict[str, Any]:
    kept = {key: value for key, value in asked.items() if key != "EncryptionConfiguration"}
    if asked.get("ConfigurationState") == "DISABLED":
        return kept
    name = table.lower()
    return {"TableName": name, "TableArn": f"{tables}/table/{name}", "TableStatus": "ACTIVE", **kept}


def _update(table: str, call: Call) -> Document:
    bucket = found(call)
    made = _get(_GET, call)[_RESULT][_INSIDE]
    tables = made["DestinationResult"]["TableBucketArn"]
    result, asked = f"{table}TableConfigurationResult", call.parameters[f"{table}TableConfiguration"]
    new = made | {result: {**made.get(result, {}), **_table(table, asked, tables)}}
    bucket.documents[_GET] = {_RESULT: {_INSIDE: new}}
    return {}


def _create_v1(call: Call) -> Document:
    bucket = found(call)
    asked = call.parameters["MetadataTableConfiguration"]["S3TablesDestination"]
    table = {
        **asked,
        "TableArn": f"{asked['TableBucketArn']}/table/{asked['TableName']}",
        "TableNamespace": "aws_s3_metadata",
    }
    result = {"MetadataTableConfigurationResult": {"S3TablesDestinationResult": table}, "Status": "ACTIVE"}
    bucket.documents[_GET_V1] = {_RESULT_V1: result}
    return {}


def _get(get: str, call: Call) -> Document:
    kept: Document | None = found(call).documents.get(get)
    if kept is None:
        raise Refused("MetadataConfigurationNotFound", "The metadata configuration does not exist", 404)
    return kept


def _delete(get: str, call: Call) -> Document:
    found(call).documents.pop(get, None)
    return {}


def handlers() -> dict[str, Handler]:
    """By operation."""
    updates = {f"UpdateBucketMetadata{table}TableConfiguration": partial(_update, table) for table in _TABLES}
    return {
        "CreateBucketMetadataConfiguration": _create,
        "CreateBucketMetadataTableConfiguration": _create_v1,
        "DeleteBucketMetadataConfiguration": partial(_delete, _GET),
        "DeleteBucketMetadataTableConfiguration": partial(_delete, _GET_V1),
        _GET: partial(_get, _GET),
        _GET_V1: partial(_get, _GET_V1),
        **updates,
    }
