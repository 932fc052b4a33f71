"""GuardDuty, Macie, IAM Access Analyzer."""

from s3audit.collectors.documents.shape import Shape, absent, flag, listed, otherwise, text, word
from s3audit.collectors.terraform.tables.common import TAGS, attached
from s3audit.model.watch import Analyzer, Detector, MacieSession, MalwareProtectionPlan

TABLES = {
    "aws_guardduty_detector": Shape(
        Detector,
        {
            "enabled": otherwise(flag("enable"), True),
            "s3_data_events": absent(),
            "s3_logs": flag("datasources[0].s3_logs[0].enable"),
            "tags": TAGS,
        },
    ),
    "aws_guardduty_detector_feature": attached(
        "detector", "s3_data_events", "[name=S3_DATA_EVENTS].detector_id", word("status")
    ),
    "aws_guardduty_malware_protection_plan": Shape(
        MalwareProtectionPlan,
        {
            "bucket": text("protected_resource[0].s3_bucket[0].bucket_name"),
            "prefixes": listed("protected_resource[0].s3_bucket[0].object_prefixes", text("")),
            "role": text("role"),
            "tagging": word("actions[0].tagging[0].status"),
            "tags": TAGS,
        },
    ),
    "aws_macie2_account": Shape(MacieSession, {"status": word("status")}),
    "aws_accessanalyzer_analyzer": Shape(
        Analyzer,
        {"name": text("analyzer_name"), "type": otherwise(word("type"), "ACCOUNT"), "tags": TAGS},
    ),
}
