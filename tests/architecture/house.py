"""The house as its own contracts describe it: slices from the top down, and where things stand."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
# Folders of an app that are no slices.
NO_SLICES = {"management", "migrations", "__pycache__"}


def layers() -> list[list[str]]:
    """The modules of the first contract, top first, each layer with its equals."""
    return [re.findall(r"[\w.]+", layer) for layer in CONTRACTS["slices"]["layers"]]


def height(module: str) -> int:
    """How high a slice stands: a larger number may look down on a smaller one."""
    found = layers()
    return next(len(found) - depth for depth, layer in enumerate(found) if module in layer)


def slices() -> list[str]:
    """Every slice that has a folder, as `app.slice`."""
    folders = [folder for app in ("staff", "campaigns") for folder in sorted((ROOT / app).iterdir()) if folder.is_dir()]
    return [f"{folder.parent.name}.{folder.name}" for folder in folders if folder.name not in NO_SLICES]


def slice_of(model: type[Model]) -> str:
    """The slice that owns a model's rows."""
    return ".".join(model.__module__.split(".")[:2])


def own_models() -> list[type[Model]]:
    """The models of all slices, the tables between them included."""
    return [model for app in ("staff", "campaigns") for model in apps.get_app_config(app).get_models(True)]


def files(kind: str) -> list[Path]:
    """Every file of one kind, whether it is one file or a folder of them."""
    found = [*ROOT.glob(f"staff/*/{kind}.py"), *ROOT.glob(f"campaigns/*/{kind}.py")]
    return sorted([*found, *ROOT.glob(f"staff/*/{kind}/*.py"), *ROOT.glob(f"campaigns/*/{kind}/*.py")])
