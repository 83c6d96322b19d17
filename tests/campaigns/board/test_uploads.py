"""What is taken as evidence, and what is not: by rule, without a database."""

import io
import zipfile

import pytest

from campaigns.board.rules import MOST_BYTES, NOTE_LENGTH, URL_LENGTH, Upload, check_evidence, check_upload
from campaigns.board.rules.uploads import NAME_LENGTH, check_evidence_room, check_link, clean_name
from planner.core.errors import Refused
from tests.factories import PNG


def packed(*names: str) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX = packed("[Content_Types].xml", "word/document.xml")
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("终稿.png", PNG, "image/png"),
        ("终稿.PNG", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0jfif", "image/jpeg"),
        ("a.jpeg", b"\xff\xd8\xff\xe1exif", "image/jpeg"),
        ("a.gif", b"GIF89a...", "image/gif"),
        ("a.webp", b"RIFF\x04\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("报表.pdf", b"%PDF-1.7\n...", "application/pdf"),
        ("a.xls", XLS, "application/vnd.ms-excel"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", packed("a.psd"), "application/zip"),
        ("a.csv", "货号,数量\n1,2\n".encode("gb18030"), "text/csv"),
        ("a.txt", "\ufeff做完了".encode(), "text/plain"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name: str, data: bytes, content_type: str) -> None:
    assert check_upload(Upload(name, data)) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.html", b"<!doctype html><script>1</script>"),
        ("a.exe", b"MZ\x90"),
        ("a.xlsm", XLSX),
        ("a.png.html", PNG),
        ("png", PNG),
        (".png", PNG),
        ("", PNG),
        ("a.png\x00.html", PNG),
        # By another name.
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"\xff\xd8\xff\xe0jfif"),
        ("a.jpg", PNG),
        ("a.webp", b"RIFF\x04\x00\x00\x00WAVEfmt "),
        ("a.pdf", b" %PDF-1.7"),
        ("a.txt", b"<html><script>1</script>"),
        ("a.csv", b"\xef\xbb\xbf \n<!DOCTYPE html>"),
        ("a.csv", b"a,b\x00c"),
        ("a.txt", b"\x89\xff\xff\xfe\xff"),
        ("a.xlsx", packed("a.psd")),
        ("a.xlsx", DOCX),
        ("a.docx", XLSX),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.xlsx", XLSX[: len(XLSX) // 2]),
        # A picture that is a page as well.
        ("a.gif", b"GIF89a/*<SCRIPT>alert(1)</script>*/"),
        ("a.png", PNG + b"<html>"),
        # Nothing, and too much.
        ("a.png", b""),
        ("a.txt", b"a" * (MOST_BYTES + 1)),
    ],
)
def test_everything_else_is_refused_at_its_field(name: str, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_upload(Upload(name, data))
    assert refused.value.code == "invalid"
    assert set(refused.value.fields) == {"file"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\终稿.png", "终稿.png"),
        ("/etc/cron.d/a.txt", "a.txt"),
        ("fa\u202egnp.exe.png", "fagnp.exe.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("  ..a.png.. ", "a.png"),
        ("图" * 300 + ".png", "图" * (NAME_LENGTH - 4) + ".png"),
        ("...", ""),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("url", ["https://pan.example.com/s/1?pwd=a#b", "https://例子.cn/图", " https://a.cn:8443/ "])
def test_a_link_by_https_is_taken(url: str) -> None:
    assert check_link(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "http://a.cn/",
        "javascript:alert(1)",
        "JAVASCRIPT://a.cn/%0aalert(1)",
        "data:text/html,x",
        "//a.cn/",
        "https:",
        "https:///a",
        "https://",
        "https://user:pw@a.cn/",
        "https://a.cn/a b",
        "https://a.cn/\nb",
        "https://a.cn/\u2028b",
        "https://a.cn/\u202eb",
        "https://a.cn\\@b.cn/",
        "https://a.cn:99999/",
        "https://[::1",
        "https://a.cn/" + "a" * URL_LENGTH,
    ],
)
def test_any_other_link_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_link(url)


def test_it_is_a_link_or_a_file_and_the_note_is_short() -> None:
    file = Upload("a.png", PNG)
    assert check_evidence(" https://a.cn/ ", None, " 终稿 ") == ("https://a.cn/", "终稿")
    assert check_evidence(" ", file, "") == ("", "")
    for url, upload, note in (("", None, ""), ("https://a.cn/", file, ""), ("", file, "字" * (NOTE_LENGTH + 1))):
        with pytest.raises(Refused):
            check_evidence(url, upload, note)


def test_a_task_holds_a_hundred_pieces() -> None:
    check_evidence_room(99)
    with pytest.raises(Refused):
        check_evidence_room(100)
