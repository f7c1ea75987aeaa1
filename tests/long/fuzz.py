"""Fuzz what reads files: `python -m tests.long.fuzz [NAME ...] [--seconds 600]`, each harness in a process of its own.

A harness gives what atheris makes of its seeds to a reader (by `format=`) or to a layer below the readers; of a
workbook that is a zip it changes one part. All may end in a `ReflectLabError`. Any other exception, a row that is
neither loaded nor listed, an input that takes over ten seconds or 2 GB is a finding: it is written to `build/fuzz`, and
is to become a test. Atheris is in the extra `fuzz`.
"""

import argparse
import gzip
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

import reflectlab
from reflectlab.load.clean.dates.columns import Where, read_dates
from reflectlab.load.files.archives import GZIP, ZIP, Archive, gunzip
from reflectlab.load.files.json import read_json
from reflectlab.load.files.raw import File
from reflectlab.load.files.text import read_text
from reflectlab.load.files.workbook import read_workbook
from reflectlab.load.options import Options
from reflectlab.load.readers import READERS, known_headers
from tests.long.containers import LONGEST, books, packed, parts

OLE = b"\xd0\xcf\x11\xe0"
BUILD = Path("build/fuzz")
SHEET = "date,learner,goal,what happened,with,role,chosen by,minutes,note\n"
SHEET += (
    '20/07/2026,Aroha,hook,started,,,me,,\n21/07/2026 9:15 am,Ben,hook,helped,"Aroha, Hēmi",,us,1:30,"a ""b""\nc"\n'
)
EVENTS = "time,learner_id,goal_id,event,chosen_by,note\n2026-07-20 09:00:00,007,hook,set,learner,'=1\n"
MOODLE = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address\n"
MOODLE += "21/11/20 10:32,Aroha K,-,File: Notes,File,Course module viewed,The user with id '12' viewed,web,::1\n"
COMPLETION = ",Email address,Quiz 1,,Essay,\nAroha,a@x.nz,Completed,2026-07-20 09:15:00,Not completed,\n"
KOLIBRI = "Facility name,Username,Channel id,Channel name,Content id,Content title,Time of first interaction,"
KOLIBRI += "Time of last interaction,Time of completion,Time Spent (sec),Progress (0-1),Content kind\n"
KOLIBRI += "F,aroha,c,C,1,Hook,2026-07-20 09:00:00,2026-07-21 09:00:00,2026-07-21 09:00:00,60.0,1.0,video\n"
CANVAS = "student name,student id,student sis id,assessment title,assessment id,submission date,submission score,"
CANVAS += "learning outcome name,learning outcome id,attempt,outcome score,course name,course id\n"
CANVAS += "Aroha,1,a,Quiz,2,2026-07-20T09:00:00Z,3,Hook,4,1,3,Room 5,5\n"
USERS = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName\n"
USERS += "u1,active,2026-01-01,true,o1,student,aroha,,Aroha,K\n"
AGENT = '{"mbox":"mailto:a@x.nz","name":"Aroha"}'
XAPI = (
    f'[{{"actor":{AGENT},"verb":{{"id":"http://adlnet.gov/expapi/verbs/completed"}},"object":{{"id":"http://x.nz/g"}},'
)
XAPI += '"result":{"success":true},"context":{"team":{"objectType":"Group","member":[' + AGENT + "]}},"
XAPI += '"timestamp":"2026-07-20T09:00:00Z","id":"1"}]'
CALIPER = '{"sensor":"s","data":[{"type":"AssignableEvent","actor":{"id":"a","type":"Person"},"action":"Started",'
CALIPER += '"object":{"id":"g","type":"AssignableDigitalResource"},"eventTime":"2026-07-20T09:00:00.000Z"}]}'
OPENEDX = '{"event_type":"problem_check","username":"aroha","time":"2026-07-20T09:00:00+00:00","event_source":"server",'
OPENEDX += '"context":{"course_id":"c","user_id":1},"event":{"problem_id":"p","success":"correct"}}\n'
SEEDS: Mapping[str, tuple[str, ...]] = {
    "mapped": ("When,Pupil,Target,Did\n20/07/2026,Aroha,hook,worked\n",),
    "tables": (EVENTS, "episode_id,time,minutes,learner_id,goal_id,role,chosen_by,note\n1,2026-07-20,5,a,g,peer,,\n"),
    "moodle": (MOODLE,),
    "moodle_completion": (COMPLETION,),
    "kolibri": (KOLIBRI,),
    "canvas": (CANVAS, 'Student name,Student ID,"A > Hook result","A > Hook mastery points"\nAroha,1,3,3\n'),
    "oneroster": (USERS,),
    "sheet": (SHEET, SHEET.replace(",", ";"), SHEET.replace(",", "\t").replace("\n", "\r")),
    "grid": ("learner,hook,endings\nAroha,20/07/2026,x\nBen,,3 Aug 2026\n",),
    "xapi": (XAPI, XAPI[1:-1] + "\n"),
    "caliper": (CALIPER,),
    "openedx": (OPENEDX,),
    "dates": ("03/04/2026\n2026-07-20T09:00:00+12:00\n3 Aug, 9:15 pm\n44000.5\n", "Mon 3rd of March 26 at 9.15\n"),
}
OPTIONS: Mapping[str, dict[str, Any]] = {
    "mapped": {"columns": {"learner_id": "Pupil", "goal_id": "Target", "time": "When", "event": "Did"}},
    "grid": {"as_of": "2026-07-20"},
    "canvas": {"as_of": "2026-07-20"},
}


_CHILD = """
import sys, atheris
with atheris.instrument_imports(include=["reflectlab.load"]):
    from tests.long.fuzz import fuzz
fuzz(sys.argv.pop(1))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(HARNESSES))
    parser.add_argument("--seconds", type=int, default=600)
    given = parser.parse_args()
    found = [name for name in given.names or HARNESSES if _run(name, given.seconds)]
    sys.exit(f"Found something: {', '.join(found)} (see {BUILD}).\n" if found else 0)


def _run(name: str, seconds: int) -> bool:
    """Run one harness; tell whether it found anything."""
    corpus = BUILD / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_seeds(name)):
        (corpus / f"seed{number}").write_bytes(seed)
    limits = [
        f"-max_total_time={seconds}",
        "-timeout=100",  # by the clock of a crowded machine; the processor's is looked at below
        "-rss_limit_mb=2048",
        f"-max_len={LONGEST}",
        "-print_final_stats=1",
    ]
    command = [sys.executable, "-c", _CHILD, name, str(corpus), *limits, f"-artifact_prefix={BUILD}/{name}-"]
    quiet = {**os.environ, "RUST_BACKTRACE": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace", env=quiet)
    (BUILD / f"{name}.txt").write_text(done.stdout + done.stderr)
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    peak = re.search(r"peak_rss_mb: +(\d+)", done.stderr)
    said = f"{int(runs[1]):,} runs in {runs[2]} s" if runs else f"a finding, see {BUILD}/{name}.txt"
    said += f", {peak[1]} MB at most" if peak else ""
    print(f"{name:>18} {said}", flush=True)  # noqa: T201 - a command
    return done.returncode != 0


def fuzz(name: str) -> None:
    """Run one harness in this process, which it ends."""
    import atheris

    one = HARNESSES[name]

    def given(data: bytes) -> None:
        began = time.process_time()
        try:
            one(data)
        except reflectlab.ReflectLabError as error:
            str(error)
        assert (took := time.process_time() - began) < 10, f"{took:.0f} s of the processor"

    atheris.Setup(sys.argv, given)
    atheris.Fuzz()


def _seeds(name: str) -> Iterator[bytes]:
    if name in KINDS:
        yield from parts(KINDS[name])
        return
    if name in MADE:
        yield from MADE[name]()
        return
    texts = SEEDS.get(name) or (SEEDS["xapi"] + SEEDS["openedx"] if name == "json" else SEEDS["sheet"])
    yield from (text.encode() for text in texts)
    if name == "text":
        western = SHEET.replace("ē", "é")
        yield from (western.encode(encoding) for encoding in ("utf-8-sig", "utf-16", "cp1252", "utf-16-be"))


def _zipped() -> Iterator[bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.csv", SHEET)
        archive.writestr("log.xlsx", books("xlsx")[0])
    yield out.getvalue()
    yield gzip.compress(SHEET.encode())


def _parquet() -> Iterator[bytes]:
    frame = pl.read_csv(EVENTS.encode(), schema_overrides={"learner_id": pl.String})
    when = frame.with_columns(pl.col("time").str.to_datetime(), pl.col("event").cast(pl.Categorical), row=pl.lit(3))
    for each in (frame, when, when.with_columns(lists=pl.col("note").repeat_by(2), both=pl.struct("goal_id"))):
        for compression in ("uncompressed", "zstd"):
            out = io.BytesIO()
            each.write_parquet(out, compression=compression)
            yield out.getvalue()


def _reader(name: str) -> Callable[[bytes], None]:
    """Give bytes to a reader as a file; each of its rows must be loaded or listed."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz"))
    (folder / "log.csv").write_text(EVENTS)
    file = folder / ("users.csv" if name == "oneroster" else f"{name}.log")

    def load(data: bytes) -> None:
        file.write_bytes(data)
        beside = name == "oneroster"
        log = reflectlab.load([folder / "log.csv", file] if beside else file, **_options(name, beside=beside))
        account = log.account
        assert (account["read"] == account["loaded"] + account["listed"]).all(), account.to_string()

    return load


def _options(name: str, *, beside: bool) -> dict[str, Any]:
    said = {} if beside else {"format": name}
    return {"dayfirst": True, "year": 2026, "tz": "Pacific/Auckland", **said, **OPTIONS.get(name, {})}


def _loaded(data: bytes) -> None:
    """Load a file by what is in it; each of its rows must be loaded or listed."""
    file = Path(tempfile.gettempdir()) / f"fuzz{os.getpid()}.parquet"
    file.write_bytes(b"PAR1" + data[4:])
    account = reflectlab.load(file, tz="Pacific/Auckland").account
    assert (account["read"] == account["loaded"] + account["listed"]).all(), account.to_string()


def _workbook(kind: str) -> Callable[[bytes], Any]:
    return lambda data: read_workbook(File(f"log.{kind}", packed(kind, data)), known_headers())


def _archive(data: bytes) -> None:
    if data.startswith(GZIP):
        gunzip(File("log.gz", data))
    else:
        list(Archive(File("log.zip", ZIP + data[4:])).files((".csv",)))


def _dates(data: bytes) -> None:
    texts = pl.Series(data.decode("utf-8", "replace").split("\n"), dtype=pl.String)
    read_dates(texts, Options(dayfirst=True, tz="Pacific/Auckland"), Where("log.csv", "date"))


KINDS: Mapping[str, str] = {"workbook": "xlsx", "ods": "ods", "xlsb": "xlsb"}
MADE: Mapping[str, Callable[[], Iterable[bytes]]] = {
    "archive": _zipped,
    "parquet": _parquet,
    "xls": lambda: books("xls"),
}
HARNESSES: Mapping[str, Callable[[bytes], Any]] = {
    "text": lambda data: read_text(File("log.csv", data), known_headers()),
    **{name: _workbook(kind) for name, kind in KINDS.items()},
    "xls": lambda data: read_workbook(File("log.xls", OLE + data[4:]), known_headers()),
    "parquet": _loaded,
    "json": lambda data: read_json(File("log.json", data)),
    "archive": _archive,
    "dates": _dates,
    **{reader.name: _reader(reader.name) for reader in READERS},
}

if __name__ == "__main__":
    main()
