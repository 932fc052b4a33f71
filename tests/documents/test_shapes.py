"""The words of the table language that Terraform's tables need beyond CloudFormation's."""

import json
from typing import Any

import pytest

from s3audit.collectors.documents.attach import Attached, attach
from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.fill import NOT_WRITTEN, Filler
from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.resolved import Resolved, Undecided
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    document,
    flag,
    listed,
    number,
    otherwise,
    section,
    text,
    word,
)
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.documents.tree import Node, Scalar
from s3audit.location import NOWHERE, Location
from s3audit.model.access_point import AccessPoint, AccessPointPublicAccessBlock
from s3audit.model.base import Tag
from s3audit.model.identity import Role, User
from s3audit.model.key import KmsKey
from s3audit.model.network import IngressRule, RouteTable, SecurityGroup
from s3audit.model.trail import EventDataStore
from s3audit.setting import Known, Listed, Unknown, Unset
from s3audit.text import Text

AT = Location("x.json", "it", 1, 1, 1, 1)
WHY = "nobody knows"


class Literal:
    """Resolves nothing but the word `?`, which stands for what the input does not tell."""

    def resolve(self, node: Node) -> Resolved:
        if isinstance(node, Scalar) and node.value == "?":
            undecided = Undecided.at(node)
            undecided.why = WHY
            return Resolved(undecided)
        return Resolved(node)


def filled(shape: Shape, written: dict[str, Any], *, blank_is_unset: bool = False, **given: Any) -> Any:
    (document,), problems = read_json(json.dumps(written), "x.json")
    assert document.root
    assert problems == []
    filler = Filler("x.json", Literal(), blank_is_unset=blank_is_unset)
    return filler.section(shape, Spot(document.root, AT), AT, **given)


def resource(shape: Shape, written: dict[str, Any], **more: Any) -> Any:
    return filled(shape, written, address="it", **more)


class TestOtherwise:
    BLOCK = Shape(AccessPointPublicAccessBlock, {"block_public_acls": otherwise(flag("acls"), False)})
    POINT = Shape(AccessPoint, {"public_access_block": section("block[0]", BLOCK)})

    def test_it_is_what_the_source_sends_for_what_is_not_written(self) -> None:
        made = resource(Shape(Role, {"max_session_duration": otherwise(number("duration"), 60)}), {})
        assert made.max_session_duration == Unset(60, AT)

    def test_what_is_written_counts(self) -> None:
        made = resource(
            Shape(Role, {"max_session_duration": otherwise(number("duration"), 60)}), {"duration": 90}
        )
        assert made.max_session_duration.value == 90

    def test_a_section_that_is_not_written_is_as_aws_makes_it(self) -> None:
        without = resource(self.POINT, {}).public_access_block.block_public_acls
        empty = resource(self.POINT, {"block": [{}]}).public_access_block.block_public_acls
        assert (without.default, empty.default) == (True, False)

    def test_it_speaks_for_what_has_no_word_at_all(self) -> None:
        assert resource(Shape(RouteTable, {"main": otherwise(absent(), False)}), {}).main == Unset(False, AT)


class TestAMappingThatStandsAlone:
    SHAPE = Shape(KmsKey, {"spec": word("[type=wanted].spec")})

    def spec(self, **written: str) -> Any:
        return resource(self.SHAPE, {"spec": "RSA", **written}).spec

    def test_it_is_chosen_by_its_key(self) -> None:
        assert self.spec(type="wanted").value == "RSA"
        assert self.spec(type="WANTED").value == "RSA"

    @pytest.mark.parametrize("written", [{"type": "other"}, {}])
    def test_else_nothing_is_written(self, written: dict[str, str]) -> None:
        assert self.spec(**written) == Unset("SYMMETRIC_DEFAULT", AT)

    def test_a_key_that_is_not_known_leaves_it_open(self) -> None:
        spec = self.spec(type="?")
        assert (spec.why, spec.at.address, spec.at.column) == (WHY, "it", 17)


class TestEach:
    RULE = Shape(IngressRule, {"protocol": text("protocol"), "cidr": text("v4"), "cidr_ipv6": text("v6")})
    GROUP = Shape(SecurityGroup, {"ingress": listed("rule", RULE, each=("v4", "v6"))})

    def rules(self, rule: Any) -> list[tuple[Any, Any]]:
        made = resource(self.GROUP, {"rule": rule}).ingress.value
        assert all(one.value.protocol.value == Text(("tcp",)) for one in made)
        return [(shown(one.value.cidr), shown(one.value.cidr_ipv6)) for one in made]

    def test_an_element_stands_for_one_section_for_each_value(self) -> None:
        rule = {"protocol": "tcp", "v4": ["a", "b"], "v6": ["c"]}
        expected = [("a", None), ("b", None), (None, "c")]
        assert self.rules([rule]) == self.rules(rule) == expected

    @pytest.mark.parametrize("empty", [{}, {"v4": []}, {"v4": None, "v6": [None]}])
    def test_one_without_values_is_one_section(self, empty: dict[str, Any]) -> None:
        assert self.rules([{"protocol": "tcp", **empty}]) == [(None, None)]

    def test_a_value_alone_is_one(self) -> None:
        assert self.rules([{"protocol": "tcp", "v4": "a"}]) == [("a", None)]

    @pytest.mark.parametrize("open_", ["?", ["?"]])
    def test_values_that_are_not_known_are_one_section_too(self, open_: Any) -> None:
        assert self.rules([{"protocol": "tcp", "v4": open_, "v6": ["c"]}]) == [(WHY, None), (None, "c")]

    def test_each_value_has_its_own_place(self) -> None:
        made = resource(self.GROUP, {"rule": [{"v4": ["a", "b"]}]}).ingress.value
        assert [one.value.cidr.at.column for one in made] == [19, 24]


def shown(setting: Any) -> Any:
    match setting:
        case Known(Text() as known):
            return known.literal
        case Unknown(why):
            return why
        case Unset(default):
            return default
        case other:
            return other


class TestWords:
    def test_a_flag_may_be_spelled_the_other_way_round(self) -> None:
        shape = Shape(EventDataStore, {"ingestion": flag("suspend", {"true": "false", "false": "true"})})
        assert resource(shape, {"suspend": True}).ingestion.value is False
        assert resource(shape, {"suspend": "false"}).ingestion.value is True
        assert resource(shape, {"suspend": "maybe"}).ingestion.why == (
            "true or false was expected here, and 'maybe' found"
        )
        assert resource(shape, {}).ingestion == Unset(True, AT)

    def test_presence_may_have_a_word(self) -> None:
        shape = Shape(KmsKey, {"key_origin": word("store#present", {"true": "ELSEWHERE", "false": "HERE"})})
        assert resource(shape, {"store": "x"}).key_origin.value == "ELSEWHERE"
        assert resource(shape, {}).key_origin == Known("HERE", AT)
        assert resource(shape, {"other": 1}).key_origin == Known("HERE", AT)


class TestBlank:
    ROLE = Shape(
        Role,
        {
            "name": text("name"),
            "permissions_boundary": text("boundary|older"),
            "assume_role_policy": document("policy"),
        },
    )

    def test_it_is_a_text_like_any_other(self) -> None:
        made = resource(self.ROLE, {"boundary": "", "older": "x"})
        assert made.permissions_boundary.value == Text()

    def test_unless_a_source_takes_it_for_nothing(self) -> None:
        made = resource(self.ROLE, {"boundary": "", "policy": ""}, blank_is_unset=True)
        assert (made.permissions_boundary.default, made.assume_role_policy.default) == (None, None)

    def test_then_it_points_at_what_is_written(self) -> None:
        made = resource(self.ROLE, {"boundary": ""}, blank_is_unset=True)
        assert (made.permissions_boundary.at.column, made.permissions_boundary.at.end_column) == (14, 16)

    def test_then_another_spelling_counts(self) -> None:
        made = resource(self.ROLE, {"boundary": "", "older": "x"}, blank_is_unset=True)
        assert made.permissions_boundary.value == Text(("x",))

    def test_what_must_be_written_may_be_empty_all_the_same(self) -> None:
        assert resource(self.ROLE, {"name": ""}, blank_is_unset=True).name.value == Text()
        tag = filled(Shape(Tag, {"value": text("value")}), {"value": ""}, blank_is_unset=True)
        assert tag.value.value == Text()

    def test_then_it_is_not_present(self) -> None:
        shape = Shape(KmsKey, {"enabled": flag("store#present")})
        assert resource(shape, {"store": ""}, blank_is_unset=True).enabled.value is False
        assert resource(shape, {"store": ""}).enabled.value is True

    def test_in_a_list_it_stays(self) -> None:
        made = resource(
            Shape(Role, {"attached_policies": listed("arns", text(""))}), {"arns": [""]}, blank_is_unset=True
        )
        assert made.attached_policies.value[0].value == Text()

    def test_what_must_be_written_and_is_not_stays_unknown(self) -> None:
        assert resource(self.ROLE, {}, blank_is_unset=True).name.why == NOT_WRITTEN


def test_a_declaration_may_add_several_values_to_a_list() -> None:
    user = User(address="u", at=AT, name=Known(Text(("ann",)), AT), groups=Unset((), AT))
    several = Known((Known(Text(("a",)), AT), Known(Text(("b",)), AT)), AT)
    target: Listed[Text] = Known((Known(Text(("ann",)), AT),), AT)
    beside = Attachment(at=AT, kind="user", field="groups", targets=target, value=several)
    (made,) = attach("user", [user], [Attached("m", "m", Known(True, NOWHERE), beside)], "terraform")
    assert isinstance(made, User)
    assert isinstance(made.groups, Known)
    assert [shown(group) for group in made.groups.value] == ["a", "b"]
