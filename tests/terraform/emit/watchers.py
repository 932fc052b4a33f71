"""What watches: event data stores, metric filters, alarms, event rules, GuardDuty, Access Analyzer, Storage Lens."""

from s3audit.model.lens import LensExport, StorageLens
from s3audit.model.trail import Alarm, EventDataStore, EventRule, FilteredMetric, LogGroup, MetricFilter
from s3audit.model.watch import Analyzer, Detector, MacieSession
from s3audit.setting import Known, Setting, Unknown, Unset
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.neighbours import advanced
from tests.terraform.emit.writer import Writer


def event_data_store(writer: Writer, s: EventDataStore) -> None:
    ingestion = s.ingestion
    arguments: Arguments = {
        "name": writer.text(s.name),
        "suspend": None if isinstance(ingestion, Unset) else writer.flag(ingestion.map(lambda on: not on)),
        "multi_region_enabled": writer.flag(s.multi_region),
        "organization_enabled": writer.flag(s.organization),
        "kms_key_id": writer.text(s.kms_key),
        "retention_period": writer.number(s.retention_days),
        "advanced_event_selector": writer.blocks_of(
            s.advanced_selectors, lambda each: advanced(writer, each)
        ),
        "tags": writer.tags(s.tags),
    }
    writer.block("aws_cloudtrail_event_data_store", writer.name(s), arguments)


def log_group(writer: Writer, g: LogGroup) -> None:
    name = writer.own_name(g, demanded=False)
    writer.block("aws_cloudwatch_log_group", writer.name(g), {"name": name, "tags": writer.tags(g.tags)})


def metric_filter(writer: Writer, f: MetricFilter) -> None:
    def metric(each: FilteredMetric) -> Arguments:
        return {"name": writer.text(each.name), "namespace": writer.text(each.namespace), "value": "1"}

    arguments: Arguments = {
        "name": writer.text(f.name),
        "log_group_name": writer.text(f.log_group),
        "pattern": writer.text(f.pattern),
        "metric_transformation": writer.blocks_of(f.metrics, metric),
    }
    writer.block("aws_cloudwatch_log_metric_filter", writer.name(f), arguments)


def alarm(writer: Writer, a: Alarm) -> None:
    arguments: Arguments = {
        "alarm_name": writer.text(a.name),
        "metric_name": writer.text(a.metric),
        "namespace": writer.text(a.namespace),
        "alarm_actions": writer.texts(a.actions),
        "actions_enabled": writer.flag(a.actions_enabled),
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 1,
        "period": 300,
        "statistic": "Sum",
        "threshold": 1,
        "tags": writer.tags(a.tags),
    }
    writer.block("aws_cloudwatch_metric_alarm", writer.name(a), arguments)


def event_rule(writer: Writer, r: EventRule) -> None:
    arguments: Arguments = {
        "name": writer.text(r.name),
        "event_bus_name": writer.text(r.bus),
        "state": writer.word(r.state),
        "event_pattern": writer.document(r.pattern),
        "tags": writer.tags(r.tags),
    }
    writer.block("aws_cloudwatch_event_rule", writer.name(r), arguments)
    for each in writer.each(r.targets):
        target: Arguments = {
            "rule": writer.reference(r, "name"),
            "target_id": writer.text(each.id),
            "arn": writer.text(each.target),
            "role_arn": writer.text(each.role),
        }
        writer.block("aws_cloudwatch_event_target", writer.name(r), target)


def detector(writer: Writer, d: Detector) -> None:
    logs: Argument = None
    if not isinstance(d.s3_logs, Unset):
        enable: Arguments = {"enable": writer.flag(d.s3_logs.map(bool))}
        logs = one({"s3_logs": one(enable)})
    arguments: Arguments = {
        "enable": writer.flag(d.enabled),
        "datasources": logs,
        "tags": writer.tags(d.tags),
    }
    writer.block("aws_guardduty_detector", writer.name(d), arguments)
    status = writer.word(d.s3_data_events)
    if status is not None:
        feature: Arguments = {
            "detector_id": writer.reference(d, "id"),
            "name": "S3_DATA_EVENTS",
            "status": status,
        }
        writer.block("aws_guardduty_detector_feature", writer.name(d), feature)


def macie_session(writer: Writer, m: MacieSession) -> None:
    writer.block("aws_macie2_account", writer.name(m), {"status": writer.word(m.status)})


def analyzer(writer: Writer, a: Analyzer) -> None:
    arguments: Arguments = {
        "analyzer_name": writer.text(a.name),
        "type": writer.word(a.type),
        "tags": writer.tags(a.tags),
    }
    writer.block("aws_accessanalyzer_analyzer", writer.name(a), arguments)


def storage_lens(writer: Writer, s: StorageLens) -> None:
    data: Arguments = {
        "cloud_watch_metrics": one({"enabled": writer.flag(s.cloudwatch)}),
        "s3_bucket_destination": _export(writer, s.export),
    }
    configuration: Arguments = {
        "enabled": writer.flag(s.enabled),
        "account_level": Blocks(({"bucket_level": Blocks(({},))},)),
        "aws_org": one({"arn": writer.text(s.organization)}),
        "data_export": one(data),
    }
    arguments: Arguments = {
        "config_id": writer.text(s.id),
        "storage_lens_configuration": Blocks((written(configuration),)),
        "tags": writer.tags(s.tags),
    }
    writer.block("aws_s3control_storage_lens_configuration", writer.name(s), arguments)


def _export(writer: Writer, setting: Setting[LensExport | None]) -> Argument:
    match setting:
        case Unknown():
            return Untold("blocks")
        case Known(LensExport() as to):
            encryption: Argument = None
            if isinstance(to.kms_key, Known):
                encryption = one({"sse_kms": one({"key_id": writer.text(to.kms_key)})})
            elif isinstance(to.sse_s3, Known) and to.sse_s3.value:
                encryption = Blocks(({"sse_s3": Blocks(({},))},))
            destination: Arguments = {
                "arn": writer.text(to.bucket),
                "account_id": writer.text(to.account),
                "format": writer.word(to.format),
                "prefix": writer.text(to.prefix),
                "output_schema_version": "V_1",
                "encryption": encryption,
            }
            return Blocks((written(destination),))
        case _:
            return None
