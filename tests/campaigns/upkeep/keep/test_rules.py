"""What may be restored where, in tables."""

from typing import Any

import pytest

from campaigns.upkeep.rules.manifest import Manifest, Piece, TableEntry, UploadEntry, read_manifest
from campaigns.upkeep.rules.restoring import Ground, Secret, check_restore, check_secret
from planner.core.errors import Refused
from tests.campaigns.upkeep.keep.stage import TAKEN

DIGEST = "a" * 64
MANIFEST = Manifest(
    version="1.2.0",
    taken_at=TAKEN,
    engine="sqlite",
    migrations={"staff": ("0001_initial", "0002_more")},
    tables=(TableEntry("staff.team", ("id", "name"), 2, 7, Piece(40, DIGEST)),),
    uploads=(UploadEntry("evidence/2026/11/x", Piece(3, DIGEST)),),
    missing=("evidence/2026/10/y",),
)
KNOWN = frozenset(MANIFEST.nodes)


def ground(**values: Any) -> Ground:
    """An empty place of the backup's own version."""
    return Ground(**{"version": "1.2.0", "known": KNOWN, "applied": frozenset(), "inhabited": False} | values)


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    assert read_manifest(MANIFEST.as_json()) == MANIFEST


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/./b",
        "a\\..\\b",
        "c:x",
        "a\0b",
        "",
        "x" * 256,
        "a/" + "x" * 400,
        7,
    ],
)
def test_an_upload_has_a_path_that_stays_in_its_folder(name: Any) -> None:
    data = MANIFEST.as_json()
    data["uploads"][0]["name"] = name
    with pytest.raises(Refused, match="not_a_backup"):
        read_manifest(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rows", -1),
        ("rows", 2**60),
        ("rows", True),
        ("rows", "2"),
        ("rows", 14),
        ("bytes", 1.5),
        ("sha256", "A" * 64),
        ("columns", []),
        ("columns", ["id", "id"]),
        ("columns", ['id"; DROP TABLE x']),
        ("model", "staff/team"),
        ("last_id", "7"),
    ],
)
def test_a_table_makes_sense(field: str, value: Any) -> None:
    data = MANIFEST.as_json()
    data["tables"][0][field] = value
    with pytest.raises(Refused, match="not_a_backup"):
        read_manifest(data)


@pytest.mark.parametrize("data", [None, [], "planner", {}, {"product": "planner"}, {"product": "planner", "format": 1}])
def test_what_is_no_manifest_is_refused(data: Any) -> None:
    with pytest.raises(Refused, match="not_a_backup"):
        read_manifest(data)


@pytest.mark.parametrize(
    ("place", "replace", "code"),
    [
        ({}, False, ""),
        ({"version": "1.10"}, False, ""),
        ({"known": KNOWN | {("staff", "0003_new")}}, False, ""),
        ({"applied": KNOWN}, False, ""),
        ({"inhabited": True}, True, ""),
        ({"version": "1.1.9"}, False, "backup_newer"),
        ({"known": KNOWN - {("staff", "0002_more")}}, False, "backup_newer"),
        ({"applied": frozenset({("staff", "0009_later")})}, True, "database_newer"),
        ({"inhabited": True}, False, "not_empty"),
        ({"connected": 2}, True, "database_in_use"),
    ],
)
def test_where_a_backup_may_be_restored(place: dict[str, Any], replace: bool, code: str) -> None:
    if not code:
        check_restore(MANIFEST, ground(**place), replace=replace)
        return
    with pytest.raises(Refused) as refused:
        check_restore(MANIFEST, ground(**place), replace=replace)
    assert refused.value.code == code


def test_a_newer_backup_names_what_is_unknown_here() -> None:
    with pytest.raises(Refused, match=r"1\.2\.0.*1\.1.*staff\.0002_more"):
        check_restore(MANIFEST, ground(version="1.1", known=frozenset({("staff", "0001_initial")})), replace=False)


@pytest.mark.parametrize(
    ("theirs", "is_file", "accepted", "refused"),
    [("a", False, False, False), ("b", True, False, False), ("b", False, True, False), ("b", False, False, True)],
)
def test_a_secret_key_that_is_a_setting_must_be_the_same(
    theirs: str, is_file: bool, accepted: bool, refused: bool
) -> None:
    if refused:
        with pytest.raises(Refused, match="set SECRET_KEY"):
            check_secret(theirs, Secret("a", is_file), other_secret=accepted)
    else:
        check_secret(theirs, Secret("a", is_file), other_secret=accepted)
