"""Which scenarios a resource is judged in: those of all that may decide about it, however it is spelled."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import STATUSES, Finding

ENV = """
Parameters: {E: {Type: String, AllowedValues: [a, b]}, SSM: {Type: "AWS::SSM::Parameter::Value<String>"}}
Conditions: {A: !Equals [!Ref E, a], B: !Equals [!Ref E, b], Open: !Equals [!Ref SSM, x]}
Resources:
"""
TRAIL = """
  Orders: {Type: AWS::S3::Bucket}
  Trail:
    Type: AWS::CloudTrail::Trail
    Condition: A
    Properties:
      IsLogging: true
      S3BucketName: audit
      EventSelectors: [{DataResources: [{Type: "AWS::S3::Object", Values: ["arn:aws:s3"]}]}]
"""
ON, OFF = "VersioningConfiguration: {Status: Enabled}", "VersioningConfiguration: {Status: Suspended}"
REPLICATED = """
  Source:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      ReplicationConfiguration: {Role: r, Rules: [{Status: Enabled, Destination: {Bucket: TARGET}}]}
"""
LOGGING = (
    "  One: {Type: AWS::S3::Bucket, Properties: {LoggingConfiguration: {DestinationBucketName: TARGET}}}\n"
)


def found(tmp_path: Path, template: str, check: str, subject: str) -> Finding:
    file = tmp_path / "template.yaml"
    file.write_text(ENV + template)
    report = s3audit.scan([file], select=[check], show=STATUSES)
    (finding,) = (f for f in report.findings if f.subject.name == subject)
    return finding


def test_a_trail_that_names_no_bucket_speaks_of_all(tmp_path: Path) -> None:
    finding = found(tmp_path, TRAIL, "logging-enabled", "Orders")
    assert (finding.status, finding.when) == ("fail", ("E is b",))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ('"arn:aws:s3:::copies"', "copies"),
        ("!Join ['', ['arn:aws:s3:::copies-', !Ref AWS::AccountId]]", "!Sub 'copies-${AWS::AccountId}'"),
        ("!Sub 'arn:${AWS::Partition}:s3:::copies'", "copies"),
    ],
)
def test_two_buckets_of_one_name_are_told_apart_by_the_scenario(
    tmp_path: Path, target: str, name: str
) -> None:
    twins = "".join(
        f"  D{c}: {{Type: AWS::S3::Bucket, Condition: {c}, Properties: {{BucketName: {name}, {v}}}}}\n"
        for c, v in (("A", ON), ("B", OFF))
    )
    template = REPLICATED.replace("TARGET", target) + twins
    finding = found(tmp_path, template, "replication-destination-versioning", "Source")
    assert (finding.status, finding.when) == ("fail", ("E is b",))


def test_a_name_does_not_make_a_bucket_that_may_not_be_there(tmp_path: Path) -> None:
    target = f"  D: {{Type: AWS::S3::Bucket, Condition: Open, Properties: {{BucketName: copies, {ON}}}}}\n"
    template = REPLICATED.replace("TARGET", "arn:aws:s3:::copies") + target
    assert found(tmp_path, template, "replication-destination-versioning", "Source").status == "unknown"
    by_reference = REPLICATED.replace("TARGET", "!GetAtt D.Arn") + target.replace("BucketName: copies, ", "")
    assert found(tmp_path, by_reference, "replication-destination-versioning", "Source").status == "pass"


@pytest.mark.parametrize(
    "target", ["!Sub 'logs-${AWS::AccountId}'", "logs-111122223333", "!Ref SSM", "central-logs"]
)
def test_what_is_given_is_no_name_that_is_made_up(tmp_path: Path, target: str) -> None:
    template = LOGGING.replace("TARGET", target) + "  Two: {Type: AWS::S3::Bucket}\n"
    assert found(tmp_path, template, "logging-enabled", "Two").status == "fail"


def test_the_gravest_scenario_gives_the_severity(tmp_path: Path) -> None:
    template = (
        "  One:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: PublicRead\n"
        "      OwnershipControls: !If [A, {Rules: [{ObjectOwnership: ObjectWriter}]}, !Ref AWS::NoValue]\n"
    )
    finding = found(tmp_path, template, "acl-disabled", "One")
    assert (finding.status, finding.severity.label, finding.when) == ("fail", "medium", ())


def test_what_is_there_by_a_default_says_so(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(
        "Parameters: {Env: {Type: String, Default: dev}}\nConditions: {IsDev: !Equals [!Ref Env, dev]}\n"
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Condition: IsDev\n"
    )
    (finding,) = s3audit.scan([file], select=["versioning-enabled"]).findings
    assert finding.message == (
        "Versioning is not set, so it is Unversioned; B is there with the default of Env."
    )
    assert s3audit.scan([file], select=["versioning-enabled"], parameters={"Env": "prod"}).findings == ()
    (low,) = s3audit.scan([file], select=["access-bucket-public-access-block"]).findings
    assert (low.status, low.severity.label) == ("fail", "low")


MODE = """
  Orders:
    Type: AWS::S3::Bucket
    Properties: {VersioningConfiguration: {Status: STATUS}}
"""
COMPARED = """
Parameters: {Mode: {Type: String}}
Conditions: {IsX: !Equals [!Ref Mode, x], IsOff: !Equals [!Ref Mode, Suspended]}
Resources:
"""
NOT_TOLD = "versioning is not known: it is ${Mode}, which the input does not tell"


class TestWhatIsOnlyCompared:
    """That a value is compared with something does not say that somebody will pass that one."""

    def judged(self, tmp_path: Path, status: str, header: str = COMPARED) -> Finding:
        file = tmp_path / "template.yaml"
        queue = "  Queue: {Type: AWS::SQS::Queue, Condition: IsX}\n"
        file.write_text(header + MODE.replace("STATUS", status) + queue)
        report = s3audit.scan([file], select=["versioning-enabled"], show=STATUSES)
        (finding,) = report.findings
        return finding

    @pytest.mark.parametrize("status", ["!Ref Mode", "!If [IsX, Enabled, !Ref Mode]", "!Sub '${Mode}'"])
    def test_it_stays_what_it_is(self, status: str, tmp_path: Path) -> None:
        finding = self.judged(tmp_path, status)
        assert (finding.status, finding.evidence[0].note) == ("unknown", NOT_TOLD)

    def test_what_it_decides_is_decided(self, tmp_path: Path) -> None:
        finding = self.judged(tmp_path, "!If [IsOff, Suspended, Enabled]")
        assert (finding.status, finding.when) == ("fail", ("Mode is Suspended",))

    def test_what_is_allowed_will_be_passed(self, tmp_path: Path) -> None:
        allowed = COMPARED.replace("String}", "String, AllowedValues: [Enabled, Suspended]}")
        finding = self.judged(tmp_path, "!Ref Mode", allowed)
        assert (finding.status, finding.when) == ("fail", ("Mode is Suspended",))
