"""GuardDuty, Macie, IAM Access Analyzer."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Shape, flag, listed, text, word
from s3audit.model.watch import Analyzer, Detector, MacieSession, MalwareProtectionPlan

TABLES = {
    "AWS::GuardDuty::Detector": Shape(
        Detector,
        {
            "enabled": flag("Enable"),
            "s3_data_events": word("Features[Name=S3_DATA_EVENTS].Status"),
            "s3_logs": flag("DataSources.S3Logs.Enable"),
            "tags": TAGS,
        },
    ),
    "AWS::GuardDuty::MalwareProtectionPlan": Shape(
        MalwareProtectionPlan,
        {
            "bucket": text("ProtectedResource.S3Bucket.BucketName"),
            "prefixes": listed("ProtectedResource.S3Bucket.ObjectPrefixes", text("")),
            "role": text("Role"),
            "tagging": word("Actions.Tagging.Status"),
            "tags": TAGS,
        },
    ),
    "AWS::Macie::Session": Shape(MacieSession, {"status": word("Status")}),
    "AWS::AccessAnalyzer::Analyzer": Shape(
        Analyzer, {"name": text("AnalyzerName"), "type": word("Type"), "tags": TAGS}
    ),
}
