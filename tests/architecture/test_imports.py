"""The contracts on imports hold, and no slice escapes them."""

import re

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.house import CONTRACTS, ROOT, files, layers, slices


def test_the_contracts_on_imports_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    kept = lint_imports(config_filename="pyproject.toml", cache_dir=None, show_timings=False) == EXIT_STATUS_SUCCESS
    assert kept, capsys.readouterr().out


def test_every_slice_stands_in_both_contracts() -> None:
    named = {module for layer in layers() for module in layer}
    assert [module for module in slices() if module not in named] == []
    assert [module for module in slices() if module not in CONTRACTS["files"]["containers"]] == []


def test_actions_import_the_models_of_their_own_slice_only() -> None:
    found = []
    for path in files("actions"):
        own = path.relative_to(ROOT).parts[:2]
        for module in re.findall(r"^\s*(?:from|import) ([\w.]+\.models)\b", path.read_text(), re.MULTILINE):
            allowed = module == ".".join([*own, "models"]) or module == "django.db.models"
            # The one listed exception: phases owns the column Campaign.phase.
            allowed = allowed or (own == ("campaigns", "phases") and module == "campaigns.campaign.models")
            if not allowed:
                found.append(f"{path.relative_to(ROOT)} imports {module}")
    assert found == []


def test_actions_never_enqueue() -> None:
    calls = re.compile(r"\b(delay|delay_on_commit|apply_async|send_task|ring)\(")
    assert [str(path) for path in files("actions") if calls.search(path.read_text())] == []


def test_views_leave_refusals_to_the_middleware() -> None:
    caught = re.compile(r"except .*\b(DomainError|Missing|NotAllowed|Refused)\b")
    assert [str(path) for path in files("views") + files("api") if caught.search(path.read_text())] == []
