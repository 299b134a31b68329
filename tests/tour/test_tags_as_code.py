"""Tags as code from the command line: a plan of a changed file says what would change, applying it hands it in."""

import json

import pytest

BANK, AS = "code-bank", "mei"

YAML = """
tags:
  - name: quiet_30d
    label: 近30天未登录
    label_en: No sign-in for 30 days
    meaning: 近30天内没有登录的客户
    meaning_en: Customers who did not sign in during the last 30 days
    category: activity/quiet
    kind: statistic
    statistic: {event: app.login, window_days: 30}
    values: [{name: "yes", label: 是, label_en: "Yes", high: 1}]
"""


@pytest.fixture(scope="module")
def file(huoke, tmp_path_factory):
    huoke("tenant", "open", BANK, "代码银行")
    huoke("tenant", "staff", "add", BANK, AS, "Mei", "--role", "operator")
    path = tmp_path_factory.mktemp("code") / "tags.yaml"
    path.write_text(YAML)
    return path


def steps(huoke, path):
    found = json.loads(huoke("tags", "plan", str(path), "--json"))
    return [(one["verb"], one["name"]) for one in found["steps"]], found["same"]


def test_a_plan_shows_what_a_file_would_change_and_saves_nothing(huoke, file):
    assert steps(huoke, file) == ([("create", "quiet_30d")], 0)
    assert steps(huoke, file) == ([("create", "quiet_30d")], 0), "a plan saves nothing"
    [applied] = json.loads(huoke("tags", "apply", str(file), "--note", "首批标签", "--json"))
    assert applied["change_id"], "it waits for another person"
    assert steps(huoke, file) == ([], 1)
    file.write_text(YAML.replace("window_days: 30", "window_days: 60").replace("近30天未登录", "近60天未登录"))
    said = huoke("tags", "plan", str(file))
    assert "quiet_30d" in said
    [step] = json.loads(huoke("tags", "plan", str(file), "--json"))["steps"]
    assert (step["verb"], step["name"]) == ("change", "quiet_30d")
    assert {one.split("/")[0].split(".")[0] for one in step["fields"]} >= {"label", "statistic"}
