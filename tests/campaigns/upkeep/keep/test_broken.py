"""A backup of which any part is broken, missing or made up is refused in words, and nothing has changed."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campaigns.upkeep.actions.backup import Kept, take_backup, verify_backup
from campaigns.upkeep.actions.restore import restore_backup
from campaigns.upkeep.adapters.places import Installation, standing_in
from planner.core.errors import Refused
from staff.people.models import Team
from tests.campaigns.upkeep.keep.stage import TAKEN, UPLOAD, live_in_brief

Parts = dict[str, bytes]
TASKS, UPLOADED = "rows/campaigns.task.jsonl", f"uploads/{UPLOAD}"


def rewritten(kept: Kept, path: Path, change: Callable[[Parts, Any], None]) -> Path:
    """The backup with its parts and its manifest changed."""
    with zipfile.ZipFile(kept.path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(parts, manifest)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
        if manifest is not None:
            target.writestr("manifest.json", json.dumps(manifest))
    return path


def entry(manifest: Any, kind: str, name: str) -> Any:
    """One entry of the manifest."""
    return next(each for each in manifest[kind] if name in (each.get("model"), each.get("name")))


def a_row_less(parts: Parts, _: Any) -> None:
    parts[TASKS] = parts[TASKS].split(b"\n", 1)[1]


def another_upload(parts: Parts, _: Any) -> None:
    parts[UPLOADED] = bytes(reversed(parts[UPLOADED]))


def a_row_changed(parts: Parts, _: Any) -> None:
    parts[TASKS] = parts[TASKS].replace(b'"todo"', b'"done"', 1)


def no_upload(parts: Parts, _: Any) -> None:
    del parts[UPLOADED]


def no_table(parts: Parts, _: Any) -> None:
    del parts[TASKS]


def no_secret(parts: Parts, _: Any) -> None:
    del parts["secret.json"]


def an_empty_secret(parts: Parts, _: Any) -> None:
    parts["secret.json"] = b'{"SECRET_KEY": ""}'


def a_part_more(parts: Parts, _: Any) -> None:
    parts["rows/../../evil"] = b"x"


def a_path_out(parts: Parts, manifest: Any) -> None:
    entry(manifest, "uploads", UPLOAD)["name"] = "../evil"
    parts["uploads/../evil"] = parts.pop(UPLOADED)


def another_program(_: Parts, manifest: Any) -> None:
    manifest["product"] = "wiki"


def a_newer_format(_: Parts, manifest: Any) -> None:
    manifest["format"] = 2


def wrong_sums(_: Parts, manifest: Any) -> None:
    manifest["totals"]["rows"] += 1


def an_absurd_count(_: Parts, manifest: Any) -> None:
    entry(manifest, "tables", "campaigns.task")["rows"] = 10**12


def a_table_less(parts: Parts, manifest: Any) -> None:
    gone = entry(manifest, "tables", "campaigns.notice")
    manifest["tables"].remove(gone)
    manifest["totals"]["rows"] -= gone["rows"]
    manifest["totals"]["bytes"] -= gone["bytes"]
    del parts["rows/campaigns.notice.jsonl"]


def a_bomb(parts: Parts, manifest: Any) -> None:
    upload = entry(manifest, "uploads", UPLOAD)
    parts[UPLOADED] = bytes(50 * 2**20)
    manifest["totals"]["bytes"] += len(parts[UPLOADED]) - upload["bytes"]
    upload["bytes"] = len(parts[UPLOADED])


BROKEN = [
    (a_row_less, "backup_damaged", TASKS),
    (a_row_changed, "backup_damaged", TASKS),
    (another_upload, "backup_damaged", UPLOADED),
    (no_upload, "backup_damaged", UPLOADED),
    (no_table, "backup_damaged", TASKS),
    (no_secret, "backup_damaged", "secret.json"),
    (an_empty_secret, "backup_damaged", "secret.json"),
    (a_part_more, "not_a_backup", "rows/../../evil"),
    (a_path_out, "not_a_backup", "../evil"),
    (another_program, "not_a_backup", "another program"),
    (a_newer_format, "not_a_backup", "another format"),
    (wrong_sums, "not_a_backup", "sums"),
    (an_absurd_count, "not_a_backup", "more rows than bytes"),
    (a_table_less, "backup_odd", "campaigns.notice"),
    (a_bomb, "not_a_backup", "swell"),
]


@pytest.mark.parametrize(("change", "code", "said"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_backup_changes_nothing(
    kept: Kept, tmp_path: Path, fresh: Installation, change: Any, code: str, said: str
) -> None:
    live_in_brief(fresh)
    path = rewritten(kept, tmp_path / "broken.zip", change)
    before = fresh.data_dir / "planner.sqlite3"
    known = before.read_bytes()
    with pytest.raises(Refused) as refused:
        restore_backup(target=fresh, path=path, version="1.0", now=TAKEN, replace=True)
    assert refused.value.code == code
    assert said in str(refused.value)
    assert before.read_bytes() == known
    left = {path.name for path in fresh.data_dir.iterdir()}
    assert left <= {"backups", "planner.sqlite3", "secret_key", "serve.lock", "uploads"}
    assert not (tmp_path / "evil").exists()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def empty(_: bytes) -> bytes:
    return b""


def foreign(_: bytes) -> bytes:
    return b"PK\x03\x04" + b"no zip at all" * 100


@pytest.mark.parametrize("change", [cut, empty, foreign])
def test_what_is_no_whole_zip_is_refused(kept: Kept, tmp_path: Path, fresh: Installation, change: Any) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(change(kept.path.read_bytes()))
    with pytest.raises(Refused, match="not_a_backup"):
        restore_backup(target=fresh, path=path, version="1.0", now=TAKEN)


def test_a_flipped_bit_anywhere_is_seen(kept: Kept, tmp_path: Path) -> None:
    data = kept.path.read_bytes()
    path = tmp_path / "b.zip"
    seen = 0
    with zipfile.ZipFile(kept.path) as source:
        # In the packed bytes of each part: what stands around them is the zip's own.
        places = [
            (each.header_offset + 30 + len(each.filename) + 25, each.filename)
            for each in source.infolist()
            if each.compress_size > 60
        ]
    for place, _ in places[:: max(1, len(places) // 6)]:
        broken = bytearray(data)
        broken[place] ^= 4
        path.write_bytes(broken)
        with pytest.raises(Refused):
            verify_backup(path=path)
        seen += 1
    assert seen >= 5


def test_the_same_digests_with_other_rows_are_still_seen(kept: Kept, tmp_path: Path, fresh: Installation) -> None:
    """A row that its own manifest vouches for must still be a row of this database."""

    def change(parts: Parts, manifest: Any) -> None:
        first, rest = parts[TASKS].split(b"\n", 1)
        row = json.loads(first)
        at = entry(manifest, "tables", "campaigns.task")
        row[at["columns"].index("campaign_id")] = 999_999
        old, parts[TASKS] = at["bytes"], json.dumps(row, ensure_ascii=False).encode() + b"\n" + rest
        at["bytes"], at["sha256"] = len(parts[TASKS]), hashlib.sha256(parts[TASKS]).hexdigest()
        manifest["totals"]["bytes"] += at["bytes"] - old

    path = rewritten(kept, tmp_path / "b.zip", change)
    with pytest.raises(Refused) as refused:
        restore_backup(target=fresh, path=path, version="1.0", now=TAKEN)
    assert "FOREIGN KEY" in str(refused.value) or "foreign key" in str(refused.value)
    assert (fresh.data_dir / "planner.sqlite3").stat().st_size == 0


def test_an_upload_in_the_way_is_named_and_not_written_over(kept: Kept, fresh: Installation) -> None:
    (fresh.uploads / UPLOAD).parent.mkdir(parents=True)
    (fresh.uploads / UPLOAD).write_bytes(b"another")
    with pytest.raises(Refused) as refused:
        restore_backup(target=fresh, path=kept.path, version="1.0", now=TAKEN)
    assert UPLOAD in str(refused.value)
    assert (fresh.uploads / UPLOAD).read_bytes() == b"another"


def test_a_backup_that_cannot_be_written_leaves_nothing(lived: Installation, tmp_path: Path) -> None:
    there = tmp_path / "b.zip"
    there.write_text("mine")
    for path in (there, tmp_path / "nowhere" / "b.zip"):
        with pytest.raises(Refused):
            take_backup(source=lived, path=path, version="1.0", now=TAKEN)
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]
    assert there.read_text() == "mine"


def test_people_are_not_replaced_unasked(kept: Kept, fresh: Installation, lived: Installation) -> None:
    live_in_brief(fresh)
    with pytest.raises(Refused, match="not_empty"):
        restore_backup(target=fresh, path=kept.path, version="1.0", now=TAKEN)
    done = restore_backup(target=fresh, path=kept.path, version="1.0", now=TAKEN, replace=True)
    assert done.replaced
    restore_backup(target=fresh, path=done.replaced, version="1.0", now=TAKEN.replace(hour=3), replace=True)
    with standing_in(fresh.database):
        assert Team.objects.get().name == "brief"
