"""docs/metrics.md, the alert rules and the dashboard: all are held to what wad tells, and tried by promtool."""

import json
import re

from docs_prometheus import ROOT, RULES, all_families, promtool

from wad.core.page_names import COSTS, Use
from wad.core.reasons import Reason, State

TEXT = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
TRIED = ROOT / "tests/docs/wad.rules.test.yml"
DASHBOARD = json.loads((ROOT / "etc/grafana/wad.json").read_text(encoding="utf-8"))
# What Grafana puts in before it asks.
GRAFANAS = {"$__rate_interval": "5m", "$__range": "1d", "$instance": "home"}
KNOWN = {
    "state": {*State},
    "reason": {*Reason},
    "from": {*State},
    "to": {*State},
    "result": {"answered", "missed"},
    "use": {*Use},
}


def rows(title):
    """Give the rows of the table below a heading: its cells."""
    section = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [re.split(r" ?\| ?", line) for line in re.findall(r"^\| (`.*) \|$", section, re.MULTILINE)]


def named(cell):
    """Give the names in a cell."""
    return re.findall(r"`(.+?)`", cell)


def full_name(family):
    """Give a metric's name as it is served."""
    return f"{family.name}_total" if family.type == "counter" else family.name


def expressions(part):
    """Give every query in a part of the dashboard."""
    if isinstance(part, dict):
        return (
            [part["expr"], *expressions([*part.values()])]
            if "expr" in part
            else expressions([*part.values()])
        )
    return [found for each in part for found in expressions(each)] if isinstance(part, list) else []


def names_in(text):
    """Give the metrics a query names; what stands in quotes is no name."""
    return set(re.findall(r"\bwad_\w+", re.sub(r'"[^"]*"', "", text)))


async def test_every_metric_is_described():
    """The page lists each metric with its type and labels, and none that is gone."""
    actual = {named(row[0])[0]: (row[1], set(named(row[2]))) for row in rows("The list")}

    expected = {
        full_name(family): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in await all_families()
    }
    assert expected == actual


def test_uses_of_names_are_listed():
    """The page tells of each use of the page's names whether anything makes up for it."""
    vital, others = re.findall(r"((?:`\w+`(?:, | and ))+`\w+`) cost", TEXT)

    assert {use for use, cost in COSTS.items() if cost.vital} == set(named(vital))
    assert {use for use, cost in COSTS.items() if not cost.vital} == set(named(others))


async def test_rules_and_dashboard_ask_for_what_exists():
    """No rule and no panel asks for a metric that wad does not tell."""
    served = {sample.name for family in await all_families() for sample in family.samples}
    queries = [
        *re.findall(r"expr: (.*?)(?:for|labels):", RULES.read_text(), re.DOTALL),
        *expressions(DASHBOARD),
    ]

    assert set() == set().union(*map(names_in, queries)) - served


def test_values_of_labels_exist():
    """A state, a reason or a result that is asked for is one that wad knows."""
    text = "\n".join([RULES.read_text(), TRIED.read_text(), *expressions(DASHBOARD)])
    named_values = re.findall(r'\b(state|reason|from|to|result|use)=~?"([^"]*)"', text)

    assert [] == [
        (label, value)
        for label, values in named_values
        for value in values.split("|")
        if value not in KNOWN[label]
    ]


def test_every_metric_is_on_the_dashboard():
    """The dashboard leaves no metric out."""
    shown = {re.sub("_bucket$", "", name) for query in expressions(DASHBOARD) for name in names_in(query)}

    assert {named(row[0])[0] for row in rows("The list")} == shown


def test_the_dashboard_is_in_order():
    """Panels have their own ids, a title, a description and a place that no other takes."""
    panels = DASHBOARD["panels"]
    places = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len(panels) == len({panel["id"] for panel in panels})
    assert [] == [panel["id"] for panel in panels if not (panel["title"] and panel["description"])]
    assert len(places) == len(set(places))
    assert 24 > max(x for x, _ in places)


def asked(query):
    """Give a query of the dashboard as Prometheus gets it."""
    for name, value in GRAFANAS.items():
        query = query.replace(name, value)
    assert "$" not in query
    return query


def write_yaml(path, content):
    """Write a file for promtool: JSON is YAML."""
    path.write_text(json.dumps(content))
    return str(path)


def test_promtool_reads_the_dashboards_queries(tmp_path):
    """Each query is one that Prometheus understands, once Grafana has put in what it knows."""
    rules = [{"record": f"panel:{n}", "expr": asked(query)} for n, query in enumerate(expressions(DASHBOARD))]
    file = write_yaml(tmp_path / "queries.yml", {"groups": [{"name": "dashboard", "rules": rules}]})

    assert f"{len(rules)} rules found" in promtool("check", "rules", file)


def test_the_timeline_shows_each_state_by_its_name(tmp_path):
    """The number that the query gives for a state is drawn with that state's name."""
    panel = next(panel for panel in DASHBOARD["panels"] if panel["type"] == "state-timeline")
    names = {
        option["text"]: number
        for number, option in panel["fieldConfig"]["defaults"]["mappings"][0]["options"].items()
    }
    tests = [
        {
            "interval": "1m",
            "input_series": [
                {
                    "series": f'wad_state{{instance="home", state="{each}"}}',
                    "values": "1" if each == present else "0",
                }
                for each in State
            ],
            "promql_expr_test": [
                {
                    "expr": asked(panel["targets"][0]["expr"]),
                    "eval_time": "0m",
                    "exp_samples": [{"labels": '{instance="home"}', "value": float(names[present])}],
                }
            ],
        }
        for present in State
    ]

    promtool("test", "rules", write_yaml(tmp_path / "timeline.yml", {"tests": tests}))


def test_promtool_reads_the_example(tmp_path):
    """The page's prometheus.yml is one."""
    example = re.findall(r"<!-- test: prometheus.yml -->\n```yaml\n(.*?)```", TEXT, re.DOTALL)[0]
    (tmp_path / "prometheus.yml").write_text(example)
    (tmp_path / "wad.rules.yml").write_text(RULES.read_text())

    promtool("check", "config", "--syntax-only", str(tmp_path / "prometheus.yml"))


# The alerts.


def alerts():
    """Give each alert's part of the rules, by name."""
    parts = RULES.read_text().split("- alert: ")[1:]
    return {part.split()[0]: part for part in parts}


def test_every_alert_is_described():
    """The page lists each alert with its severity."""
    actual = {named(row[0])[0]: row[1] for row in rows("Alerts")}

    assert {name: re.search(r"severity: (\w+)", part)[1] for name, part in alerts().items()} == actual


def test_every_alert_says_what_to_do():
    """Each alert bears what is so, why it matters and what to do; each is a sentence or more."""
    wanted = ("summary", "description", "action")
    bare = [
        (name, key)
        for name, part in alerts().items()
        for key in wanted
        if not re.search(rf' {key}: "[^"]+"', part)
    ]

    assert [] == bare


def test_events_and_fields_the_alerts_name_exist():
    """What an alert tells to type into `journalctl` is in the catalogue of the log."""
    log = (ROOT / "docs/log.md").read_text()
    typed = re.findall(r"(WAD_\w+)=(\w+)", RULES.read_text())

    assert [] == [value for field, value in typed if field == "WAD_EVENT" and f"| `{value}` |" not in log]
    assert [] == [field for field, _ in typed if field != "WAD_EVENT" and f"`{field[4:].lower()}`" not in log]


def test_every_alert_is_tried_both_ways():
    """Each alert has a course of things in which it fires, and one in which it does not."""
    tries = re.findall(r"alertname: (\w+)\n +exp_alerts:( \[\])?", TRIED.read_text())

    assert {(name, outcome) for name in alerts() for outcome in ("", " []")} == set(tries)


def test_promtool_tries_the_alerts():
    """Each alert fires when it should, and only then."""
    assert "SUCCESS" in promtool("test", "rules", str(TRIED))
