# ruff: noqa: E501 - the programs are laid out as people write them
"""Modules of `terraform_data` that Terraform can plan without a provider: by hand, and for hypothesis to make."""

from hypothesis import strategies as st

from tests.terraform import phrases

Files = dict[str, str]

LANGUAGE: Files = {
    "main.tf": r"""
variable "env" {
  type    = string
  default = "dev"
}
variable "names" { default = ["logs", "data"] }
variable "sites" {
  type = map(object({
    region = string
    days   = optional(number, 30)
    tags   = optional(map(string), {})
    rules  = optional(list(object({ id = string, on = optional(bool, true) })), [])
  }))
  default = {
    eu = { region = "eu-west-1", rules = [{ id = "a" }, { id = "b", on = false }] }
    us = { region = "us-east-1", days = "7", tags = { team = "x" } }
  }
}
variable "loose" {
  type    = any
  default = { a = 1, b = [true, "x"] }
}
variable "nothing" {
  type    = string
  default = null
}
variable "fixed" {
  type     = string
  default  = "fallback"
  nullable = false
}
locals {
  is_prod = var.env == "prod"
  z       = local.y
  y       = local.x + 1
  x       = 41
  flat    = flatten([for k, s in var.sites : [for r in s.rules : { key = "${k}-${r.id}", on = r.on, days = s.days }]])
  by_key  = { for r in local.flat : r.key => r }
  grouped = { for k, s in var.sites : s.days > 10 ? "long" : "short" => k... }
  heredoc = <<-EOT
    first ${var.env}
      second %{if local.is_prod}prod%{else}not prod%{endif}
    %{for n in var.names~}
    - ${n}
    %{endfor~}
    last $${not} %%{not}
  EOT
  plain = <<EOT
  kept ${local.x}
EOT
}
resource "terraform_data" "one" {
  input = {
    prod    = local.is_prod
    z       = local.z
    heredoc = local.heredoc
    plain   = local.plain
    neg     = -local.x
    math    = (local.x + 1) * 2 / 4 % 5
    third   = 1 / 3
    cmp     = [1 < 2, 2 <= 1, "a" == "a", 1 == "1", true != false, null == null, [] == null]
    logic   = [true && false, true || false, !true]
    cond    = local.is_prod ? "big" : 7
    condn   = local.is_prod ? null : "x"
    null_   = var.nothing
    fixed   = var.fixed
    tern    = var.nothing == null ? "none" : var.nothing
    index   = var.names[1]
    attr    = var.loose.b[1]
    legacy  = var.names.0
    strkey  = var.loose["a"]
    splat   = var.names[*]
    nsplat  = var.nothing[*]
    ssplat  = var.env[*]
    osplat  = values(var.sites)[*].region
    lsplat  = values(var.sites).*.rules
    dsplat  = values(var.sites)[*].rules[*].id
    trys    = [try(var.loose.zzz, "no"), can(var.loose.a), can(var.loose.zzz), try(var.names[5], var.names[0])]
    lookups = lookup(var.loose, "zzz", "d")
    merged  = merge(var.loose, { a = 2 }, { c = null })
    esc     = "a\"b\\c\n\t\u00e9$${x}%%{y}"
    keys    = { "quoted key" = 1, (var.env) = 2, "${var.env}-x" = 3, bare = 4, 5 = 6 }
    json    = jsonencode({ a = [1, 2.5, null, true], b = "<&>" })
    nest    = jsondecode(jsonencode(var.sites))
    grouped = local.grouped
    by_key  = local.by_key
    forset  = [for s in toset(["b", "a", "b"]) : upper(s)]
    fork    = [for i, s in var.names : "${i}:${s}"]
    forif   = { for k, v in var.sites : k => v.region if v.days == 30 }
    emptyf  = [for x in [] : x]
    fmt     = format("%s-%03d-%t-%v-%q", var.env, 7, true, [1, "a"], "q")
    big     = 12345678901234567890
    dec     = 0.1 + 0.2
    exp     = 1e3
    tostr   = "${1.50} ${true} ${1e21} ${100000000000000000000}"
    interp  = "${var.names}"
    path    = [path.module, path.root]
    ws      = terraform.workspace
  }
}
resource "terraform_data" "counted" {
  count = length(var.names)
  input = "${var.names[count.index]}-${count.index}"
}
resource "terraform_data" "each" {
  for_each = var.sites
  input    = [each.key, each.value.region, each.value.days, each.value.tags, each.value.rules]
}
resource "terraform_data" "chained" {
  for_each = terraform_data.each
  input    = "${each.key}:${each.value.input[1]}"
}
resource "terraform_data" "set" {
  for_each = toset(var.names)
  input    = "${each.key}=${each.value}"
}
resource "terraform_data" "none" {
  count = local.is_prod ? 1 : 0
  input = "none"
}
resource "terraform_data" "uses" {
  input = {
    all    = terraform_data.counted[*].input
    old    = terraform_data.counted.*.input
    one    = one(terraform_data.none[*].input)
    try    = try(terraform_data.none[0].input, "")
    join   = join("", terraform_data.none.*.input)
    len    = length(terraform_data.none)
    first  = terraform_data.counted[0].input
    map    = { for k, r in terraform_data.each : k => r.input[2] }
    keys   = keys(terraform_data.each)
    vals   = values(terraform_data.set)[*].input
    eu     = terraform_data.each["eu"].input[0]
    quoted = terraform_data.each["${"us"}"].input[1]
    out    = terraform_data.one.output.z
    ifnone = length(terraform_data.none) > 0 ? terraform_data.none[0].input : "absent"
  }
}
output "uses" { value = terraform_data.uses.input }
output "nothing" { value = var.nothing }
output "id" { value = terraform_data.one.id }
""",
}
"""What expressions can say."""

MODULES: Files = {
    "main.tf": r"""
variable "regions" {
  type = set(string)
}
variable "size" { type = number }
variable "on" { type = bool }
variable "list" { type = list(string) }
variable "obj" {
  type = object({ a = string, b = optional(number, 5), c = optional(object({ d = optional(string, "dd"), e = optional(bool) }), {}) })
}
variable "tup" {
  type    = tuple([string, number, bool])
  default = ["1", "2", "true"]
}
variable "auto" { default = "default" }
variable "maps" {
  type = map(list(number))
}
resource "terraform_data" "base" {
  for_each = var.regions
  input    = { name = "base-${each.key}", n = var.size }
}
resource "terraform_data" "single" { input = "single" }
module "site" {
  source   = "./modules/site"
  for_each = terraform_data.base
  name     = each.value.input.name
  whole    = each.value
  all      = terraform_data.base
  single   = terraform_data.single
  settings = { retention = each.key == "eu" ? 7 : null }
  names    = module.names.list
}
module "names" {
  source = "./modules/names"
  count_ = var.size
}
module "maybe" {
  source = "./modules/names"
  count  = var.on ? 1 : 0
  count_ = 1
  feed   = module.site["eu"].summary.name
}
module "never" {
  source = "./modules/names"
  count  = var.on ? 0 : 1
  count_ = 1
}
module "crossed_a" {
  source = "./modules/cross"
  left   = module.crossed_b.second
  right  = "r"
}
module "crossed_b" {
  source = "./modules/cross"
  left   = "l"
  right  = module.crossed_a.second
}
locals {
  summaries = { for k, m in module.site : k => m.summary }
  picked    = [for k, m in module.site : m.summary.name if m.summary.retention == 7]
}
resource "terraform_data" "end" {
  input = {
    summaries = local.summaries
    picked    = local.picked
    maybe     = one(module.maybe[*].list)
    never     = one(module.never[*].list)
    tried     = try(module.never[0].list[0], module.maybe[0].fed, "nothing")
    splat     = module.maybe[*].fed
    deep      = module.site["us"].deep.value
    deepest   = [for m in values(module.site) : m.deep.counted]
    crossed   = [module.crossed_a.first, module.crossed_a.second, module.crossed_b.first, module.crossed_b.second]
    obj       = var.obj
    tup       = var.tup
    auto      = var.auto
    maps      = var.maps
    list      = var.list
    lens      = [length(module.site), length(module.maybe), length(module.never)]
    modkeys   = keys(module.site)
    wholemod  = module.names
    contents  = file("${path.module}/data/x.json")
    decoded   = jsondecode(file("data/x.json")).list[1].name
    exists    = [fileexists("data/x.json"), fileexists("data/nope.json")]
    set       = fileset("${path.module}/data", "**/*.json")
    rendered  = templatefile("${path.module}/data/t.tftpl", { items = var.list, on = var.on, obj = { k = "v" } })
    sha       = filesha256("data/x.json")
  }
}
output "end" { value = terraform_data.end.input }
""",
    "terraform.tfvars": r"""
regions = ["us", "eu", "eu"]
size    = "2"
on      = "true"
list    = ["one", 2, true]
obj     = { a = 1, extra = "dropped", c = { e = "false" } }
auto    = "tfvars"
""",
    "z.auto.tfvars": r"""
auto = "auto"
""",
    "a.auto.tfvars.json": '{"auto": "json", "maps": {"x": [1, "2"], "y": []}}',
    "data/x.json": '{"list": [{"name": "a"}, {"name": "b"}], "n": 1.50}',
    "data/sub/y.json": "{}",
    "data/t.tftpl": r"""
%{ for i, x in items ~}
${i}=${x}
%{ endfor ~}
%{ if on }on%{ else }off%{ endif } ${obj.k} ${jsonencode(items)}
""",
    "modules/site/main.tf": r"""
variable "name" { type = string }
variable "whole" {}
variable "single" { type = object({ input = string }) }
variable "all" { type = map(any) }
variable "names" { type = list(string) }
variable "settings" {
  type = object({ retention = optional(number, 90), kind = optional(string, "x") })
}
module "deep" {
  source = "./deep"
  name   = "${var.name}/deep"
  count_ = length(var.names)
}
resource "terraform_data" "this" {
  input = [var.name, var.whole.input.n, var.settings, var.single.input, sort(keys(var.all)), path.module, path.root, var.names]
}
output "summary" { value = { name = terraform_data.this.input[0], retention = var.settings.retention } }
output "deep" { value = module.deep }
""",
    "modules/site/deep/main.tf": r"""
variable "name" {}
variable "count_" {}
variable "unset" { default = null }
resource "terraform_data" "this" {
  count = var.count_
  input = "${var.name}#${count.index}"
}
module "deepest" {
  source = "../../cross"
  count  = var.count_
  left   = terraform_data.this[count.index].input
  right  = try(terraform_data.this[count.index + 1].input, "last")
}
output "value" { value = join(",", terraform_data.this[*].input) }
output "counted" { value = module.deepest[*].second }
""",
    "modules/names/main.tf": r"""
variable "count_" { type = number }
variable "feed" { default = "unfed" }
output "list" { value = [for i in range(var.count_) : format("n%02d", i)] }
output "fed" { value = "fed:${var.feed}" }
""",
    "modules/cross/main.tf": r"""
variable "left" {}
variable "right" {}
locals { mine = var.left }
output "first" { value = "f(${local.mine})" }
output "second" { value = "s(${var.right})" }
""",
}
"""Modules that give each other values, and files to read."""

WRITTEN_OTHERWISE: Files = {
    "main.tf.json": """{
  "//": "a comment",
  "variable": {"names": {"default": ["a", "b"]}, "map": {"type": "map(object({ on = optional(bool, true) }))", "default": {"x": {}, "y": {"on": false}}}},
  "locals": [{"joined": "${join(\\"-\\", var.names)}", "plain": "$${kept}"}, {"number": 3, "twice": "${local.number * 2}"}],
  "resource": {"terraform_data": {
    "each": {"for_each": "${var.map}", "input": {"key": "${each.key}", "on": "${each.value.on}"}},
    "some": {"count": 2, "input": "${local.joined}/${count.index}"},
    "one": [{"input": ["${local.plain}", "${local.twice}", true, null, 1.50, {"a.b": "${upper(\\"x\\")}"}]}]
  }},
  "module": {"inner": {"source": "./inner", "given": "${terraform_data.some[*].input}"}},
  "output": {"all": {"value": "${[module.inner.out, terraform_data.each]}"}}
}
""",
    "inner/main.tf": """
variable "given" { type = list(string) }
variable "left" { default = "default" }
output "out" { value = { given = var.given, left = var.left, over = local.over } }
locals { over = "first" }
resource "terraform_data" "over" { input = { kept = 1, lost = 2 } }
""",
    "inner/x_override.tf": """
locals { over = "second" }
resource "terraform_data" "over" { input = { new = local.over } }
variable "left" { default = "overridden" }
""",
}
"""JSON, and files that override others."""


@st.composite
def programs(draw: st.DrawFn) -> Files:
    """A root module whose values are made of any expressions, repeated resources, and a module that is called."""
    locals_ = [f"  l{index} = {_value(draw)}\n" for index in range(draw(st.integers(1, 4)))]
    names = [f"local.l{index}" for index in range(len(locals_))]
    resources = [_resource(draw, index, names) for index in range(draw(st.integers(1, 4)))]
    calls = [_call(draw, index, names) for index in range(draw(st.integers(0, 2)))]
    outputs = f'output "all" {{\n  value = [{", ".join(names)}]\n}}\n'
    inner = 'variable "one" {}\nvariable "two" {\n  default = "default"\n}\n' + _resource(
        draw, 9, ["var.one", "var.two"]
    )
    given = f'output "out" {{\n  value = [var.one, try({draw(phrases.phrases(2, ("var.one", "var.two")))}, "refused")]\n}}\n'
    return {
        "main.tf": f"locals {{\n{''.join(locals_)}}}\n{''.join(resources)}{''.join(calls)}{outputs}",
        "locals.tf": phrases.LOCALS,
        "inner/main.tf": inner + given,
        "inner/locals.tf": phrases.LOCALS,
    }


def _value(draw: st.DrawFn, *names: str) -> str:
    return f'try({draw(phrases.phrases(2, names))}, "refused")'


def _repeated(draw: st.DrawFn, names: list[str]) -> tuple[str, tuple[str, ...]]:
    """A `count` or `for_each` of a few, and what it gives names to."""
    elements = f"try(flatten([{_value(draw, *names)}]), [])"
    match draw(st.integers(0, 3)):
        case 0:
            return f"  count = min(length({elements}), 3)\n", ("count.index",)
        case 1:
            return f'  for_each = {{ for i, v in {elements} : "k.${{i}}" => v if i < 3 }}\n', (
                "each.key",
                "each.value",
            )
        case 2:
            return f'  for_each = toset([for i, v in {elements} : "k${{i}}" if i < 3])\n', (
                "each.key",
                "each.value",
            )
        case _:
            return "", ()


def _resource(draw: st.DrawFn, index: int, names: list[str]) -> str:
    repeated, more = _repeated(draw, names)
    return f'resource "terraform_data" "r{index}" {{\n{repeated}  input = {_value(draw, *names, *more)}\n}}\n'


def _call(draw: st.DrawFn, index: int, names: list[str]) -> str:
    repeated, more = _repeated(draw, names)
    two = f"  two = {_value(draw, *names, *more)}\n" if draw(st.booleans()) else ""
    call = f'module "m{index}" {{\n  source = "./inner"\n{repeated}  one = {_value(draw, *names, *more)}\n{two}}}\n'
    every = f"module.m{index}" if not repeated else f"[for m in module.m{index} : m.out]"
    return f'{call}output "m{index}" {{\n  value = {every}\n}}\n'
