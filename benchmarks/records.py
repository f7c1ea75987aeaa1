"""220,000 statements of xAPI, loaded, beside `json.loads` of every line and one pass over them, each in a process.

Promised: less than twice the time of the processor. The statements are those of a platform for videos: 1.2 kB each,
most of it extensions that a log has no place for. *Unsearched* is the same with Python's search for rings held back,
as `load` holds it back too; *dropped* keeps no record beyond its line.
"""

import json
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

STATEMENTS = 220_000
ROUNDS = 3
SEED = 20260720
_PASS = "seen = {(r['actor']['account']['name'], r['verb']['id'], r['object']['id']): r['timestamp'] for r in rows}"
_CALLS = {
    "every line": f"rows = [json.loads(line) for line in open(path)]; {_PASS}",
    "unsearched": f"gc.disable(); rows = [json.loads(line) for line in open(path)]; {_PASS}",
    "dropped": f"rows = (json.loads(line) for line in open(path)); {_PASS}",
    "load": "reflectlab.load(path)",
}
_TIMED = """
import gc, json, resource, time
{imports}
path = {path!r}
start = time.process_time()
{call}
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_IMPORTS = "import reflectlab, reflectlab.load.assemble"
_VIDEO = "https://w3id.org/xapi/video/"
_chance = random.Random(SEED)


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "statements.jsonl")
        path.write_text("".join(json.dumps(_statement(number)) + "\n" for number in range(STATEMENTS)))
        for _ in range(ROUNDS):
            figures = {name: _measured(call, path) for name, call in _CALLS.items()}
            shown = "".join(f"{name:>14} {time:6.2f} s {peak:6.0f} MB" for name, (time, peak) in figures.items())
            print(f"{shown}{figures['load'][0] / figures['every line'][0]:>10.2f} times", flush=True)


def _measured(call: str, path: Path) -> tuple[float, float]:
    """Return the seconds of the processor that a call takes, and the most memory, in a fresh process."""
    command = [
        sys.executable,
        "-c",
        _TIMED.format(call=call, path=str(path), imports=_IMPORTS if call.startswith("reflectlab") else ""),
    ]
    time, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(time), float(peak)


def _statement(number: int) -> dict[str, object]:
    learner, video = _chance.randrange(1500), _chance.randrange(60)
    at = f"2026-{7 + number % 4:02d}-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:00.867219+00:00"
    told = {f"{_VIDEO}extensions/{name}": round(_chance.uniform(0, 300), 3) for name in ("time-from", "time-to")}
    course = {"id": f"course-v1:school+{video % 7}+2026", "objectType": "Activity", "definition": {"type": "course"}}
    return {
        "id": f"{number:08x}-e920-4a68-a066-917faca28949",
        "actor": {"objectType": "Agent", "account": {"name": f"learner-{learner:05d}", "homePage": "http://s.example"}},
        "verb": {"id": f"{_VIDEO}verbs/{_chance.choice(('played', 'paused', 'seeked'))}", "display": {"en": "did"}},
        "object": {
            "id": f"uuid://7d4f3c70-1e79-4243-9b7d-{video:012d}",
            "objectType": "Activity",
            "definition": {"type": f"{_VIDEO}activity-type/video", "name": {"en-US": f"Video {video}"}},
        },
        "context": {
            "extensions": {f"{_VIDEO}extensions/session-id": f"abb32c5b-ab8f-5f00-9718-{number % 997:012d}"},
            "contextActivities": {"category": [{"id": "https://w3id.org/xapi/video"}], "parent": [course]},
        },
        "result": {"extensions": told | {f"{_VIDEO}extensions/played-segments": "0[.]42.608[,]43.168[.]124.692"}},
        "timestamp": at,
    }


if __name__ == "__main__":
    main()
