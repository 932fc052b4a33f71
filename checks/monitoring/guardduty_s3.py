from s3audit.check import ACCOUNT, ALL, LIVE, MEDIUM, WATCHERS, Fix, check
from s3audit.model.account import Account
from s3audit.model.estate import Estate
from s3audit.model.watch import Detector
from s3audit.setting import Known, Unset
from s3audit.verdict import Verdict, failed, passed

from ._regions import missing

_FEATURE = "S3_DATA_EVENTS"


@check(
    severity=MEDIUM,
    severity_rule="medium: it notices when somebody reads or deletes objects with credentials that are not theirs",
    needs=(ACCOUNT, WATCHERS),
    sources=ALL,
    peers={"prowler": ("guardduty_s3_protection_enabled",)},
    fix=Fix(
        cloudformation="""
            Enable: true
            Features:
              - {Name: S3_DATA_EVENTS, Status: ENABLED}
            """,
        terraform="""
            resource "aws_guardduty_detector" "example" {
              enable = true
            }
            resource "aws_guardduty_detector_feature" "example" {
              detector_id = aws_guardduty_detector.example.id
              name        = "S3_DATA_EVENTS"
              status      = "ENABLED"
            }
            """,
        cli="""
            aws guardduty update-detector --region REGION --detector-id DETECTOR_ID --enable \\
              --features Name=S3_DATA_EVENTS,Status=ENABLED
            """,
        note=(
            "A Region without a detector gets one by create-detector; where an administrator of GuardDuty manages the"
            " account, it is turned on there."
        ),
    ),
    passes=(
        """
        # It is on.
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: true
              Features:
                - {Name: S3_DATA_EVENTS, Status: ENABLED}
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # What is not mentioned starts enabled.
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: true
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # GuardDuty is on, and its protection of S3 is off.
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: true
              Features:
                - Name: S3_DATA_EVENTS
                  Status: DISABLED # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # GuardDuty is off.
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: false # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # The older way to say it.
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: true
              DataSources:
                S3Logs:
                  Enable: false # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          Watch: {Type: String}
        Resources:
          Detector:
            Type: AWS::GuardDuty::Detector
            Properties:
              Enable: true
              Features:
                - Name: S3_DATA_EVENTS
                  Status: !Ref Watch # <-
        """,
    ),
)
def guardduty_s3(subject: Account | Detector, estate: Estate) -> Verdict:
    """GuardDuty S3 Protection is on.

    Credentials leak, and then they are used from places and in ways that nobody in the company would. GuardDuty looks
    at every request to objects for that, also where no trail of yours records them.
    """
    if isinstance(subject, Account):
        return missing(
            subject, estate, Detector, lambda region: f"GuardDuty is not on in {region}", "GuardDuty is on"
        )
    return subject.enabled.is_in(True, what="GuardDuty") & _looks_at_s3(subject)


def _looks_at_s3(detector: Detector) -> Verdict:
    match detector.s3_data_events, detector.s3_logs:
        case ((Known(None) | Unset(None)), (Known(None, at) | Unset(None, at))):
            note = f"{_FEATURE} is not mentioned"
            if detector.origin == LIVE:
                return failed(at, note)
            return passed(at, f"{note}, so it starts enabled")
        case ((Known(None) | Unset(None)), logs):
            return logs.is_in(True, what="S3Logs")
        case feature, _:
            return feature.is_in("ENABLED", what=_FEATURE)
