"""Compressed files and archives: read like what is in them, or refused at once, whatever they claim."""

import gzip
import importlib
import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import NotALogError
from reflectlab.load.files.raw import File
from tests.load.conftest import Load, balanced

archives = importlib.import_module("reflectlab.load.files.archives")  # `reflectlab.load` is also the function
SHEET = "date,learner,goal,what happened,with\n2026-07-20,Aroha,hook,started,\n2026-07-21,Hēmi,hook,helped,Aroha\n"
ROSTER = "learner_id,name,class_id\n1,Aroha,R5\n2,Hēmi,R5\n"


def zipped(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def refused(load: Load, data: bytes, match: str, name: str = "log.zip") -> None:
    """The one clear error, within 40 MB."""
    tracemalloc.start()
    try:
        with pytest.raises(NotALogError, match=match) as caught:
            load(data, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(name)
    assert peak < 40 * 2**20


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(SHEET.encode()),
        gzip.compress(SHEET[:50].encode()) + gzip.compress(SHEET[50:].encode()) + bytes(512),
        zipped({"log.csv": SHEET}),
        zipped({"log.csv": SHEET}, zipfile.ZIP_STORED),
        zipped({"term 3/log.csv": SHEET, "__MACOSX/._log.csv": b"\0\5\x16\7", "photo.png": b"\x89PNG", ".x.csv": "a"}),
        zipped({"log.csv": SHEET.encode("utf-16")}),
    ],
)
def test_a_compressed_log_reads_like_the_log(load: Load, data: bytes) -> None:
    clean, packed = load(SHEET), load(data, name="packed")
    for name in ("events", "collaborations", "learners", "goals"):
        assert_frame_equal(getattr(clean, name), getattr(packed, name))


def test_an_archive_is_a_folder(load: Load, tmp_path: Path) -> None:
    log = load(zipped({"class/log.csv": SHEET, "class/roster.csv": ROSTER}), "room5.zip")
    assert log.collaborations["learner_id"].tolist() == ["2", "1"]
    assert set(log.account["file"]) == {"room5.zip/class/log.csv", "room5.zip/class/roster.csv"}
    (tmp_path / "more.csv.gz").write_bytes(gzip.compress(SHEET.replace("hook", "verbs").encode()))
    assert set(balanced(reflectlab.load(tmp_path)).goals["goal_id"]) == {"hook", "verbs"}


def test_tables_of_our_own_may_be_compressed(tmp_path: Path) -> None:
    reflectlab.save_tables(reflectlab.example(), tmp_path / "tables")
    clean = reflectlab.load(tmp_path / "tables")
    for path in list((tmp_path / "tables").iterdir()):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    packed = balanced(reflectlab.load(tmp_path / "tables"))
    for name in ("events", "collaborations", "learners", "goals", "terms"):
        assert_frame_equal(getattr(clean, name), getattr(packed, name))


def test_what_unpacks_to_too_much_is_refused(load: Load) -> None:
    zeros = bytes(40 * 2**20)
    refused(load, gzip.compress(zeros), "unpacks to more than 10 MB", "log.csv.gz")
    refused(load, zipped({"log.csv": zeros}), "unpacks to more than 10 MB")
    refused(load, zipped({"[Content_Types].xml": "", "xl/workbook.xml": zeros}), "unpacks to more than", "log.xlsx")


def test_the_largest_is_refused_whatever_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    assert archives.LARGEST == 256 * 2**20
    monkeypatch.setattr(archives, "LARGEST", 2**20)
    assert len(archives.gunzip(File("a.gz", gzip.compress(bytes(2**20)))).data) == 2**20
    with pytest.raises(NotALogError, match="more than 1 MB"):
        archives.gunzip(File("a.gz", gzip.compress(bytes(2**20 + 1))))


def test_sizes_that_are_claimed_are_not_believed(load: Load) -> None:
    for name, member in (("log.zip", "log.csv"), ("log.xlsx", "xl/workbook.xml")):
        parts: dict[str, str | bytes] = {"[Content_Types].xml": ""} if name == "log.xlsx" else {}
        data = bytearray(zipped({**parts, member: bytes(40 * 2**20)}))
        local, central = data.rfind(b"PK\x03\x04"), data.rfind(b"PK\x01\x02")
        for at, crc in ((local + 14, local + 14), (central + 16, central + 16)):
            struct.pack_into("<I", data, crc, zlib.crc32(b"\0" * 10))
            struct.pack_into("<I", data, at + 8, 10)
        refused(load, bytes(data), "unpacks to more than 10 MB", name)


def test_overlapping_parts_are_counted_each_time(load: Load) -> None:
    data = bytearray(zipped({f"{number:03}.csv": "a,b\n" * 2**18 if number == 0 else "" for number in range(200)}))
    end = len(data) - 22
    at = int.from_bytes(data[end + 16 : end + 20], "little")
    first = bytes(data[at : at + 46])
    while data[at : at + 4] == b"PK\x01\x02":
        data[at + 10 : at + 28] = first[10:28]
        struct.pack_into("<I", data, at + 42, 0)
        at += 46 + 7
    refused(load, bytes(data), "unpacks to more than 10 MB")


def test_what_a_workbook_in_an_archive_unpacks_to_counts_too(load: Load) -> None:
    book = zipped({"[Content_Types].xml": "", "xl/workbook.xml": bytes(9 * 2**20)})
    refused(load, zipped({"a.xlsx": book, "b.xlsx": book}), "unpacks to more than 10 MB")


def test_many_parts_are_refused(load: Load) -> None:
    refused(load, zipped({f"{number}.csv": "" for number in range(1001)}), "1,001 parts")


@pytest.mark.parametrize(
    "name", ["../log.csv", "a/../../log.csv", "/log.csv", "C:/log.csv", "..\\log.csv", "\\log.csv"]
)
def test_a_name_that_leads_out_is_refused(load: Load, name: str) -> None:
    refused(load, zipped({"log.csv": SHEET, name: SHEET}), "leads out of it")


def test_a_link_is_refused(load: Load) -> None:
    member = zipfile.ZipInfo("roster.csv")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("log.csv", SHEET)
        archive.writestr(member, "/etc/hostname")
    refused(load, out.getvalue(), "holds a link")


def test_a_locked_archive_is_refused(load: Load) -> None:
    data = bytearray(zipped({"log.csv": SHEET}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    refused(load, bytes(data), "password")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"log.csv": SHEET, "more.zip": zipped({"log.csv": SHEET})}), "another archive"),
        (zipped({"log.csv": SHEET, "more.csv.gz": gzip.compress(b"a")}), "another archive"),
        (zipped({"log.csv": zipped({"log.csv": SHEET})}), "inside another"),
        (zipped({"log.csv": gzip.compress(SHEET.encode())}), "inside another"),
        (gzip.compress(gzip.compress(SHEET.encode())), "inside another"),
        (gzip.compress(zipped({"log.csv": SHEET})), "inside another"),
        (gzip.compress(bytes(257) + b"ustar" + bytes(250)), "archive (tar)".replace("(", r"\(").replace(")", r"\)")),
    ],
)
def test_an_archive_in_an_archive_is_refused(load: Load, data: bytes, said: str) -> None:
    refused(load, data, said)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(SHEET.encode())[:-10],
        gzip.compress(SHEET.encode()) + b"more",
        zipped({"log.csv": SHEET})[:-30],
        zipped({"log.csv": SHEET}).replace(b"log.csv", b"log.csX", 1)[5:],
        zipped({"log.csv": SHEET}, zipfile.ZIP_STORED).replace(b"Aroha", b"Ahora"),
        zipped({"log.csv": SHEET}, zipfile.ZIP_BZIP2),
    ],
)
def test_what_is_damaged_is_said_to_be(load: Load, data: bytes) -> None:
    with pytest.raises(NotALogError, match=r"log\.zip is damaged|log\.zip"):
        load(data, "log.zip")


def test_an_archive_without_a_log_says_what_it_looks_for(load: Load) -> None:
    with pytest.raises(NotALogError, match=r"no file that a log could be in \(\.csv"):
        load(zipped({"photo.png": b"\x89PNG"}), "log.zip")


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_cut_archive_never_raises_anything_else(load: Load, cut: int) -> None:
    for data in (gzip.compress(SHEET.encode()), zipped({"log.csv": SHEET})):
        with pytest.raises(NotALogError):
            load(data[: len(data) * cut // 100] or b"\n", "log.zip")
