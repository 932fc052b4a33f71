from s3audit.check import ACCOUNT, ALL, INFO, LIVE, LOW, WATCHERS, Fix, check
from s3audit.model.account import Account
from s3audit.model.estate import Estate
from s3audit.model.uses import if_there
from s3audit.model.watch import Analyzer
from s3audit.setting import Known
from s3audit.verdict import Status, Verdict, passed, some, unless

from ._regions import account_of, literal, missing

_EXTERNAL = ("ACCOUNT", "ORGANIZATION")
"""The types that look for access from outside; the others look for access that nobody uses, or within."""


@check(
    severity=LOW,
    severity_rule=(
        "low: it tells, and closes nothing; one step lower for an account of an organization, which may have one above"
    ),
    needs=(ACCOUNT, WATCHERS),
    sources=ALL,
    peers={"prowler": ("accessanalyzer_enabled",)},
    fix=Fix(
        cloudformation="""
            Outside:
              Type: AWS::AccessAnalyzer::Analyzer
              Properties:
                AnalyzerName: outside
                Type: ACCOUNT
            """,
        terraform="""
            resource "aws_accessanalyzer_analyzer" "outside" {
              analyzer_name = "outside"
              type          = "ACCOUNT"
            }
            """,
        cli="""
            aws accessanalyzer create-analyzer --region REGION --analyzer-name outside --type ACCOUNT
            """,
        note="Analyzers of external access cost nothing; each Region with buckets needs one.",
    ),
    passes=(
        """
        # It looks for access from outside.
        Resources:
          Outside:
            Type: AWS::AccessAnalyzer::Analyzer
            Properties:
              AnalyzerName: outside
              Type: ACCOUNT
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # One for each question.
        Resources:
          Outside:
            Type: AWS::AccessAnalyzer::Analyzer
            Properties:
              AnalyzerName: outside
              Type: ORGANIZATION
          Unused:
            Type: AWS::AccessAnalyzer::Analyzer
            Properties:
              AnalyzerName: unused
              Type: ORGANIZATION_UNUSED_ACCESS
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # It looks for access that nobody uses, and not for who gets in from outside.
        Resources:
          Unused:
            Type: AWS::AccessAnalyzer::Analyzer
            Properties:
              AnalyzerName: unused
              Type: ACCOUNT_UNUSED_ACCESS # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says what it looks for.
        Parameters:
          LookFor: {Type: String}
        Resources:
          Analyzer:
            Type: AWS::AccessAnalyzer::Analyzer
            Properties:
              AnalyzerName: analyzer
              Type: !Ref LookFor # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
)
def access_analyzer(subject: Account | Analyzer, estate: Estate) -> Verdict:
    """An external-access analyzer covers the Region.

    It reads every policy as S3 does, and tells of each bucket, key and role that somebody outside can use. So a mistake
    is seen on the day it is made, whoever makes it and with whatever tool.
    """
    if isinstance(subject, Account):
        found = missing(
            subject,
            estate,
            Analyzer,
            lambda region: f"no analyzer looks for external access in {region}",
            "an analyzer looks for external access",
        )
        return _graded(found, subject)
    found = _looks_outside(subject)
    if found.status is not Status.FAIL:
        return found
    others = some(
        if_there(one, _looks_outside(one) & passed(one.at, "another analyzer does"))
        for one in estate.all(Analyzer)
        if one.address != subject.address and _are_together(one, subject)
    )
    found = unless(others, "it need not look for external access", found)
    return _graded(found, account_of(subject, estate)) if subject.origin == LIVE else found


def _looks_outside(analyzer: Analyzer) -> Verdict:
    found = analyzer.type.is_in(*_EXTERNAL, what="the type of the analyzer")
    return found & analyzer.status.is_in("ACTIVE", what="the analyzer") if analyzer.origin == LIVE else found


def _are_together(one: Analyzer, other: Analyzer) -> bool:
    """Whether they are in one Region; what is declared is."""
    if one.origin != LIVE:
        return True
    return (literal(one.account), literal(one.region)) == (literal(other.account), literal(other.region))


def _graded(found: Verdict, account: Account | None) -> Verdict:
    """An organization may have one that its members do not see."""
    is_member = (
        account is not None
        and isinstance(account.organization, Known)
        and bool(literal(account.organization))
    )
    return found.at_severity(INFO) if is_member else found
