from collections.abc import Collection

from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.website import RedirectAll, RoutingRule, Website
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, some, unknown

_Hosts = Setting[frozenset[str] | None]


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever sits on the way of the visitor can read and change what follows, or owns it",
    needs=(BUCKETS,),
    about="website",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            WebsiteConfiguration:
              RedirectAllRequestsTo:
                HostName: shop.example.com
                Protocol: https
            """,
        terraform="""
            resource "aws_s3_bucket_website_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              redirect_all_requests_to {
                host_name = "shop.example.com"
                protocol  = "https"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-website --bucket BUCKET --website-configuration \\
              'RedirectAllRequestsTo={HostName=HOST,Protocol=https}'
            """,
    ),
    passes=(
        """
        # To another host over HTTPS; to another page of the same host; and no redirect at all.
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo: {HostName: shop.example.com, Protocol: https}
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                IndexDocument: index.html
                RoutingRules:
                  - RoutingRuleCondition: {KeyPrefixEquals: old/}
                    RedirectRule: {ReplaceKeyPrefixWith: new/}
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # To a host that the configuration lists.
        #: [[expect]]
        #: redirect_hosts = ["*.example.com"]
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo: {HostName: shop.example.com, Protocol: https}
        """,
    ),
    fails=(
        """
        # Without a protocol it stays what the visitor came with, which is HTTP.
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo: # <-
                  HostName: shop.example.com
        """,
        """
        # Some visitors are sent elsewhere over HTTP.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                IndexDocument: index.html
                RoutingRules:
                  - RoutingRuleCondition: {KeyPrefixEquals: docs/}
                    RedirectRule:
                      HostName: docs.example.com
                      Protocol: http # <-
                  - RoutingRuleCondition: {HttpErrorCodeReturnedEquals: "404"}
                    RedirectRule: # <-
                      HostName: search.example.com
        """,
        """
        # To a host that the configuration does not list.
        #: [[expect]]
        #: redirect_hosts = ["*.example.com"]
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo:
                  HostName: shop.example.net # <-
                  Protocol: https
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says how.
        Parameters:
          Protocol: {Type: String}
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo:
                  HostName: shop.example.com
                  Protocol: !Ref Protocol # <-
        """,
    ),
)
def redirect_http(bucket: Bucket, estate: Estate) -> Verdict:
    """Website redirects lead to https and to hosts you own.

    A visitor who is sent on over HTTP can be shown anything by whoever sits on the way. A host that is not yours,
    or not any more, shows it without that trouble.
    """
    return when_set(
        bucket.website, lambda site: _judge(site, bucket, estate), "it is no website", what="website hosting"
    )


def _judge(site: Website, bucket: Bucket, estate: Estate) -> Verdict:
    hosts = listed(bucket, estate, lambda one: one.trust.hosts)
    none = not_applicable(site.at, "it sends nobody elsewhere")
    return when_set(site.redirect_all, lambda to: _leads_well(to.host, to, hosts), none) & every_of(
        site.routing_rules, lambda rule: _rule(rule, hosts), empty=none
    )


def _rule(rule: RoutingRule, hosts: _Hosts) -> Verdict:
    same = passed(rule.at, "it stays on the same host")
    return when_set(rule.host, lambda host: _leads_well(Known(host, rule.host.at), rule, hosts), same)


def _leads_well(host: Setting[Text], to: RedirectAll | RoutingRule, hosts: _Hosts) -> Verdict:
    return _is_https(to.protocol) & _is_trusted(host, hosts)


def _is_https(protocol: Setting[str | None]) -> Verdict:
    match protocol:
        case Known(None, at) | Unset(None, at):
            return failed(at, "a redirect names no protocol, so it stays HTTP, which websites speak")
        case setting:
            return setting.is_in("https", what="the protocol of a redirect")


def _is_trusted(host: Setting[Text], hosts: _Hosts) -> Verdict:
    match hosts:
        case Known(None) | Unset(None):
            return Verdict(Status.PASS)
        case Unknown(why, at):
            return unknown(at, why)
        case Known(patterns) | Unset(patterns):
            return _is_one_of(host, patterns or ())


def _is_one_of(host: Setting[Text], patterns: Collection[str]) -> Verdict:
    match host:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(name, at) | Unset(name, at):
            found = some(Verdict(covers(text(one), name)) for one in patterns)
            if found.status is Status.PASS:
                return passed(at, f"{name} is a host that the configuration lists")
            if found.status is Status.FAIL:
                return failed(at, f"a redirect leads to {name}, which the configuration does not list")
            return unknown(at, f"whether {name} is a host that the configuration lists is not known")
