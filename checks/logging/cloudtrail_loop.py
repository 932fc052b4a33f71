from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, TRAILS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.log_keys import starts
from s3audit.model.trail import AdvancedEventSelector, EventSelector, FieldSelector, Trail
from s3audit.policy.trails import OBJECTS, by_word, has_values, has_word, is_any, is_near
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown, unless

_REST = Opaque("the rest of the key")
_WRITES = "WriteOnly"
_DELIVERY = "PutObject"
_COMES_BACK = "it records what is written to its own logs"
_YES, _NO = Verdict(Status.PASS), Verdict(Status.FAIL)


@check(
    severity=LOW,
    severity_rule=(
        "low: each delivered log is an event of the next one, a cost without end; medium for the trail of an"
        " organization"
    ),
    needs=(BUCKETS, TRAILS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            AdvancedEventSelectors:
              - Name: objects, but for the logs of this trail
                FieldSelectors:
                  - {Field: eventCategory, Equals: [Data]}
                  - {Field: resources.type, Equals: [AWS::S3::Object]}
                  - {Field: resources.ARN, NotStartsWith: [!Sub "${Logs.Arn}/"]}
            """,
        terraform="""
            # Instead of its event_selector blocks.
            resource "aws_cloudtrail" "example" {
              name           = "example"
              s3_bucket_name = aws_s3_bucket.logs.id
              advanced_event_selector {
                name = "objects, but for the logs of this trail"
                field_selector {
                  field  = "eventCategory"
                  equals = ["Data"]
                }
                field_selector {
                  field  = "resources.type"
                  equals = ["AWS::S3::Object"]
                }
                field_selector {
                  field           = "resources.ARN"
                  not_starts_with = ["${aws_s3_bucket.logs.arn}/"]
                }
              }
            }
            """,
        cli="""
            aws cloudtrail put-event-selectors --trail-name TRAIL --advanced-event-selectors '[{
              "Name": "objects, but for the logs of this trail",
              "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::LOG_BUCKET/"]}
              ]
            }]'
            """,
        note="Advanced selectors replace all others: one for management events has to stand beside it.",
    ),
    passes=(
        """
        # All objects but the logs of the trail.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - {Field: resources.ARN, NotStartsWith: [!Sub "${Logs.Arn}/"]}
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # The objects of another bucket; and only what is read.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [!Sub "${Orders.Arn}/"]
                - ReadWriteType: ReadOnly
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
          Orders:
            Type: AWS::S3::Bucket
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # Another part of the bucket that the logs are in.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-audit
              S3KeyPrefix: trail
              EventSelectors:
                - ReadWriteType: WriteOnly
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: ["arn:aws:s3:::shop-audit/reports/"]
          Audit:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-audit
        """,
    ),
    fails=(
        """
        # All objects, and the logs of the trail are among them.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs # <-
              AdvancedEventSelectors:
                - FieldSelectors: # <-
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # So they are here: basic selectors can leave nothing out.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs # <-
              EventSelectors:
                - ReadWriteType: WriteOnly # <-
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # Medium: the trail of an organization, and NotEquals leaves out the bucket, not what is in it.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              IsOrganizationTrail: true
              IsMultiRegionTrail: true
              S3BucketName: !Ref Logs # <-
              AdvancedEventSelectors:
                - FieldSelectors: # <-
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - {Field: readOnly, Equals: ["false"]}
                    - {Field: resources.ARN, NotEquals: [!GetAtt Logs.Arn]}
          Logs:
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Whose the bucket is, is not told here.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: company-trail # <-
              EventSelectors:
                - ReadWriteType: All
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: [arn:aws:s3]
        """,
        """
        # What is left out is for whoever deploys it.
        Parameters:
          Spared:
            Type: String
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Data]}
                    - {Field: resources.type, Equals: [AWS::S3::Object]}
                    - Field: resources.ARN # <-
                      NotStartsWith: [!Ref Spared]
          Logs:
            Type: AWS::S3::Bucket
        """,
    ),
)
def cloudtrail_loop(trail: Trail, estate: Estate) -> Verdict:
    """Data events of the trail bucket do not feed the same trail.

    Each log that CloudTrail delivers is an object that is written. A trail that records all objects records that too,
    in the next log, and so on: it never rests, and each event costs.
    """
    return unless(
        ~_has_data_events(trail), "there is nothing that could come back", lambda: _judged(trail, estate)
    )


def _judged(trail: Trail, estate: Estate) -> Verdict:
    logs = _logs_of(trail, estate)
    comes_back = some_of(trail.selectors, lambda one: _selects(one, logs)) | some_of(
        trail.advanced_selectors, lambda one: _selects_by_fields(one, logs)
    )
    if comes_back.status is Status.FAIL:
        return passed(trail.bucket.at, "it does not record what is written to its logs")
    near = _is_recorded(trail, estate)
    found = unless(~near, "it does not record where its logs are", ~comes_back)
    if found.status is not Status.FAIL:
        return found
    found = found.noting("its logs are written here", trail.bucket.at)
    return found.at_severity(MEDIUM) if is_any(trail.organization, True).status is Status.PASS else found


def _is_recorded(trail: Trail, estate: Estate) -> Verdict:
    """Whether it is on, and sees the account and the Region of its bucket."""
    return trail.logging.satisfies(bool, "the trail is on") & when_set(
        _bucket_of(trail, estate),
        lambda found: _near(trail, found),
        failed(trail.bucket.at, "the bucket of its logs does not exist"),
    )


def _bucket_of(trail: Trail, estate: Estate) -> Setting[Bucket | None]:
    match trail.bucket:
        case Known(name, at) | Unset(name, at):
            return estate.bucket_named(name, at)
        case Unknown():
            return trail.bucket


def _near(trail: Trail, bucket: Bucket) -> Verdict:
    found = is_near(trail, bucket)
    if found.status is Status.FAIL:
        return failed(trail.bucket.at, "the bucket of its logs is in another account or Region")
    return found


def _has_data_events(trail: Trail) -> Verdict:
    """Whether a selector is about objects."""
    basic = some_of(
        trail.selectors, lambda one: some_of(one.data_resources, lambda each: is_any(each.type, OBJECTS))
    )
    found = basic | some_of(
        trail.advanced_selectors,
        lambda one: some_of(
            one.fields, lambda field: is_any(field.field, "resources.type") & has_word(field, OBJECTS)
        ),
    )
    return found if found.evidence else Verdict(found.status, passed(trail.at, _NO_DATA).evidence)


_NO_DATA = "it records no data events of objects"


def _logs_of(trail: Trail, estate: Estate) -> Text:
    """The ARNs of what it delivers, as far as they are known."""
    begun = _bucket_arn(trail, estate)
    match trail.prefix if begun is not None else Unknown("", trail.at):
        case Unknown():
            return text(*(begun or text("arn:aws:s3:::")).parts, _REST)
        case Known(Text() as prefix) | Unset(Text() as prefix):
            logs = text(*(begun or Text()).parts, *prefix.parts, "/AWSLogs/")
        case _:
            logs = text(*(begun or Text()).parts, "AWSLogs/")
    account = _text_of(trail.account)
    if account is not None and is_any(trail.organization, False).status is Status.PASS:
        logs = text(*logs.parts, *account.parts, "/")
    return text(*logs.parts, _REST)


def _bucket_arn(trail: Trail, estate: Estate) -> Text | None:
    written = _text_of(trail.bucket)
    if written is None:
        return None
    match _bucket_of(trail, estate):
        case Known(Bucket() as bucket):
            own = _text_of(bucket.name)
        case _:
            own = written
    return None if own is None else text("arn:aws:s3:::", *own.parts, "/")


def _text_of(setting: Setting[Text]) -> Text | None:
    match setting:
        case Known(found) | Unset(found):
            return found
        case Unknown():
            return None


def _selects(selector: EventSelector, logs: Text) -> Verdict:
    found = is_any(selector.read_write, "All", _WRITES) & some_of(
        selector.data_resources,
        lambda one: is_any(one.type, OBJECTS) & _some_start(one.values, logs),
    )
    if found.status is Status.UNKNOWN and not found.evidence:
        return unknown(selector.at, "whether it records what is written to its own logs is not known")
    return found & passed(selector.at, _COMES_BACK)


def _selects_by_fields(selector: AdvancedEventSelector, logs: Text) -> Verdict:
    typed = some_of(selector.fields, lambda field: is_any(field.field, "resources.type"))
    fits = every_of(
        selector.fields, lambda field: by_word(field.field, lambda name: _fits(name, field, logs))
    )
    return typed & fits & passed(selector.at, _COMES_BACK)


def _fits(name: str, field: FieldSelector, logs: Text) -> Verdict:
    match name:
        case "eventCategory":
            return has_word(field, "Data")
        case "resources.type":
            return has_word(field, OBJECTS)
        case "readOnly":
            return has_word(field, "false")
        case "eventName":
            return _takes_in(field, text(_DELIVERY))
        case "resources.ARN":
            return _takes_in(field, logs)
        case _:
            return unknown(field.at, f"what its selector of {name} leaves out is not known")


def _takes_in(field: FieldSelector, logs: Text) -> Verdict:
    """Whether every operator lets it through; which one object an operator names matters to no log."""
    is_one = logs.literal is not None
    started, same_as = _some_start(field.starts_with, logs), _some_are(field.equals, logs)
    found = every(
        (
            started if has_values(field.starts_with) else _YES,
            ~_some_start(field.not_starts_with, logs),
            same_as if has_values(field.equals) else _YES,
            ~_some_are(field.not_equals, logs) if is_one else _YES,
            _open(field) if has_values(field.ends_with) or has_values(field.not_ends_with) else _YES,
        )
    )
    return _open(field) if found.status is Status.UNKNOWN else Verdict(found.status)


def _open(field: FieldSelector) -> Verdict:
    return unknown(field.at, "whether it leaves out its own logs is not known")


def _some_start(listed: Listed[Text], logs: Text) -> Verdict:
    return some_of(listed, lambda value: Verdict(starts(_in_one_partition(value), logs)))


def _some_are(listed: Listed[Text], logs: Text) -> Verdict:
    """Whether it is one of these, where it is known what it is; logs are none that anybody names beforehand."""
    if logs.literal is None:
        return some_of(listed, lambda _: _NO)
    return some_of(listed, lambda value: Verdict(starts(value, logs)) & Verdict(starts(logs, value)))


def _in_one_partition(arn: Text) -> Text:
    """`arn:${AWS::Partition}:s3` as `arn:aws:s3`: a trail records in its own."""
    start, *rest = arn.split(":", 2)
    return text("arn:aws:", *rest[1].parts) if start.literal == "arn" and len(rest) == 2 else arn
