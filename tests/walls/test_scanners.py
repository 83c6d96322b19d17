"""The scanners find what they are for, leave alone what they should, and have nothing to say about the product."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness import ROOT, clean_env

BIN = Path(sys.executable).parent
RULES = ROOT / ".ci" / "semgrep" / "rules.yaml"
EXAMPLES = ROOT / ".ci" / "semgrep" / "examples"
PRODUCT = ["planner", "staff", "campaigns", "manage.py", "gunicorn.conf.py"]
_NOTE = re.compile(r"(ruleid|ok): ([\w-]+)")
_CHOSEN = re.compile(r"nosec (?P<tests>B\d{3}(?: B\d{3})*)(?P<why> # \w.+|.*nosemgrep: [\w-]+)$")


def notes(path: Path) -> Iterator[tuple[str, int, str]]:
    """(kind, line that is meant, rule) of each remark in an example: the first line after the remarks."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if match := _NOTE.search(line):
            meant = next(n for n in range(number + 1, len(lines)) if not _NOTE.search(lines[n]))
            yield match[1], meant + 1, match[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What semgrep finds in product and examples, without asking anybody."""
    home = tmp_path_factory.mktemp("semgrep")
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "SEMGREP_LOG_FILE": str(home / "log")}
    env = clean_env(PATH=f"{BIN}:{os.environ['PATH']}", SEMGREP_SETTINGS_FILE=str(home / "settings.yml"), **quiet)
    command = ["semgrep", "scan", "--metrics=off", "--disable-version-check", "--json", "--quiet", "--no-git-ignore"]
    places = [*PRODUCT, "templates", str(EXAMPLES.relative_to(ROOT))]
    ran = subprocess.run(
        [*command, "--strict", "--config", str(RULES), *places],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def test_every_rule_finds_its_examples_and_nothing_else(found: dict[str, Any]) -> None:
    seen, meant, spared, rules_with = set(), set(), set(), Counter[tuple[str, str]]()
    for result in found["results"]:
        if ".ci/" in result["path"]:
            seen.add((result["path"], result["start"]["line"], result["check_id"].rpartition(".")[2]))
    for path in EXAMPLES.rglob("*.*"):
        for kind, line, rule in notes(path):
            rules_with[kind, rule] += 1
            place = (str(path.relative_to(ROOT)), line, rule)
            (meant if kind == "ruleid" else spared).add(place)
    assert meant - seen == set(), "not found"
    assert seen - meant == set(), "found where nobody expects it"
    assert not seen & spared
    rules = {rule["id"] for rule in yaml.safe_load(RULES.read_text())["rules"]}
    assert len(rules) >= 15
    assert {rule for kind, rule in rules_with if kind == "ruleid"} == rules
    assert {rule for kind, rule in rules_with if kind == "ok"} == rules


def test_the_product_is_clean_by_our_rules(found: dict[str, Any]) -> None:
    ours = [result for result in found["results"] if ".ci/" not in result["path"]]
    assert [f"{result['path']}:{result['start']['line']} {result['check_id']}" for result in ours] == []
    assert found["errors"] == []
    assert len(found["paths"]["scanned"]) > 150


def test_bandit_has_nothing_to_say() -> None:
    command = [BIN / "bandit", "--quiet", "--recursive", "--format", "json", "--configfile", "pyproject.toml"]
    ran = subprocess.run([*command, *PRODUCT], cwd=ROOT, capture_output=True, text=True, check=False)
    results = json.loads(ran.stdout)["results"]
    assert [f"{each['filename']}:{each['line_number']} {each['test_id']}" for each in results] == []


def test_each_exception_names_its_test_and_its_reason() -> None:
    bare = []
    for folder in PRODUCT:
        place = ROOT / folder
        for path in place.rglob("*.py") if place.is_dir() else [place]:
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if "nosec" in line and not _CHOSEN.search(line):
                    bare.append(f"{path.relative_to(ROOT)}:{number}")
                if "nosemgrep" in line and not re.search(r"nosemgrep: [\w-]+$", line):
                    bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []
    assert "skips" not in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["bandit"]
