from collections.abc import Callable, Iterator
from typing import TypeVar

from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket, Cors, CorsRule
from s3audit.policy.patterns import covers, lowered
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, every, not_applicable, some, unknown, verdict

T = TypeVar("T", str, Text)


@check(
    severity=LOW,
    severity_rule="low: S3 takes the first rule that fits, so the later one does nothing",
    needs=(BUCKETS,),
    about="cors",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            CorsConfiguration:
              CorsRules:
                - AllowedMethods: [GET]
                  AllowedOrigins: ["https://www.example.com"]
                  MaxAge: 3000
                - AllowedMethods: [GET]
                  AllowedOrigins: ["*"]
            """,
        terraform="""
            resource "aws_s3_bucket_cors_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              cors_rule {
                allowed_methods = ["GET"]
                allowed_origins = ["https://www.example.com"]
                max_age_seconds = 3000
              }
              cors_rule {
                allowed_methods = ["GET"]
                allowed_origins = ["*"]
              }
            }
            """,
        cli="""
            aws s3api put-bucket-cors --bucket BUCKET --cors-configuration \\
              '{"CORSRules": [
                {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://www.example.com"], "MaxAgeSeconds": 3000},
                {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}'
            """,
        note="The narrow rule comes first, or goes where the wide one says all that is wanted.",
    ),
    passes=(
        """
        # From narrow to wide.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://www.example.com"]
                    MaxAge: 3000
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["*"]
        """,
        """
        # The later rule is for requests with headers that the earlier one does not take.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET, PUT]
                    AllowedOrigins: ["*"]
                    AllowedHeaders: [Content-Type]
                  - AllowedMethods: [GET, PUT]
                    AllowedOrigins: ["https://www.example.com"]
                    AllowedHeaders: [Content-Type, Authorization]
        """,
        """
        # The later rule has a method or an origin of its own; and one rule can't stand behind another.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://*.example.com"]
                  - AllowedMethods: [GET, PUT]
                    AllowedOrigins: ["https://www.example.com"]
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://www.example.com", "https://www.example.org"]
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["*"]
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The first rule serves every request, so nobody gets the MaxAge of the second.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET] # <-
                    AllowedOrigins: ["*"]
                  - AllowedMethods: [GET] # <-
                    AllowedOrigins: ["https://www.example.com"]
                    MaxAge: 3000
        """,
        """
        # Wildcards take in others, and headers have no capital letters.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [HEAD]
                    AllowedOrigins: ["*"]
                  - AllowedMethods: [GET, PUT] # <-
                    AllowedOrigins: ["https://*.example.com"]
                    AllowedHeaders: ["X-Amz-*", content-type]
                  - AllowedMethods: [PUT] # <-
                    AllowedOrigins: ["https://www.example.com", "https://*.shop.example.com"]
                    AllowedHeaders: [Content-Type, "x-amz-meta-*"]
        """,
    ),
    unsure=(
        """
        # The earlier origin may be that of the later rule.
        Parameters:
          Site:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - !Ref Site # <-
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - https://www.example.com
                    MaxAge: 3000
        """,
        """
        # The method may be the one that the earlier rule has.
        Parameters:
          Method:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["*"]
                  - AllowedMethods:
                      - !Ref Method # <-
                    AllowedOrigins: ["https://www.example.com"]
        """,
    ),
)
def shadowed_rule(bucket: Bucket) -> Verdict:
    """No CORS rule is shadowed by an earlier wider one.

    S3 answers with the first rule that fits the origin, the method and the headers of a request. A rule behind
    one that takes in all of its requests is never asked, and the limits that it states do not hold.
    """
    return when_set(bucket.cors, _judge, "it has no CORS configuration", what="the CORS configuration")


def _judge(cors: Cors) -> Verdict:
    match cors.rules:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(rules) | Unset(rules):
            if len(rules) < 2:
                return not_applicable(cors.at, "there are no two rules")
            return every(_pairs(rules))


def _pairs(rules: tuple[Setting[CorsRule], ...]) -> Iterator[Verdict]:
    for index, later in enumerate(rules):
        for earlier in rules[:index]:
            match earlier, later:
                case (Unknown(why, at), _) | (_, Unknown(why, at)):
                    yield unknown(at, why)
                case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
                    yield _serves(one, other)


def _serves(earlier: CorsRule, later: CorsRule) -> Verdict:
    """That the earlier rule leaves the later one something to do."""
    shadowed = _all_in(later.allowed_methods, earlier.allowed_methods, _same, "the method")
    if shadowed.status is not Status.FAIL:
        shadowed &= _all_in(later.allowed_origins, earlier.allowed_origins, _takes_in, "the origin")
    if shadowed.status is not Status.FAIL:
        shadowed &= _all_in(later.allowed_headers, earlier.allowed_headers, _takes_in, "the header")
    if shadowed.status is not Status.PASS:
        return ~shadowed
    return verdict(
        Status.FAIL,
        Evidence(later.at, "an earlier rule takes in every request that this rule is for"),
        Evidence(earlier.at, "this rule serves the requests of a later one"),
    )


def _all_in(later: Listed[T], earlier: Listed[T], takes_in: Callable[[T, T], Status], what: str) -> Verdict:
    """Whether each element of the one list is taken in by one of the other."""
    match later, earlier:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(items) | Unset(items)), (Known(others) | Unset(others))):
            return every(some(_fits(other, item, takes_in, what) for other in others) for item in items)


def _fits(earlier: Setting[T], later: Setting[T], takes_in: Callable[[T, T], Status], what: str) -> Verdict:
    match earlier, later:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(one, at) | Unset(one, at)), (Known(other, near) | Unset(other, near))):
            found = takes_in(one, other)
            if found is not Status.UNKNOWN:
                return Verdict(found)
            return unknown(
                at if _is_open(one) else near, f"whether {what} {one} takes in {other} is not known"
            )


def _is_open(value: str | Text) -> bool:
    return isinstance(value, Text) and value.literal is None


def _same(one: str, other: str) -> Status:
    return Status.PASS if one == other else Status.FAIL


def _takes_in(one: Text, other: Text) -> Status:
    """Whether the one pattern, in which there is at most one wildcard, fits all that the other one fits."""
    pattern, asked = one.literal, other.literal
    if pattern is None or asked is None:
        return covers(lowered(one), lowered(other))
    head, wildcard, tail = pattern.lower().partition("*")
    asked = asked.lower()
    if not wildcard:
        return Status.PASS if head == asked else Status.FAIL
    is_long = len(asked) >= len(head) + len(tail)
    return Status.PASS if is_long and asked.startswith(head) and asked.endswith(tail) else Status.FAIL
