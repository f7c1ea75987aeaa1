"""Make `data/sample` anew: a simulated school, as the tables and the workbooks that a school would keep.

Run it from anywhere: `python data/make_sample.py`. The same version of the package writes the same files.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from reflectlab.simulate import simulate_school

HERE = Path(__file__).resolve().parent / "sample"
SEED = 45
SCHOOL: dict[str, Any] = {
    "classes": 4,
    "learners": 26,
    "weeks": 10,
    "hazard_ratio": 1.5,
    "mode": "times",
    "start": date(2026, 7, 20),
    "closed": [date(2026, 8, 21)],
    "seed": SEED,
}
TITLE = "Term 3 2026 (simulated)"
TODAY = date(2026, 9, 16)  # the Wednesday of week 9: what comes later is not in the log
ROOM = "Room 5"

ABOUT = [
    "This log is simulated. The children do not exist; their names are given names made up into a class.",
    f"It is {ROOM} of the school in data/sample of the package reflectlab, term: {TITLE}.",
    f"It was kept until {TODAY}, in week 9 of 10.",
    "How it was made, and the effect of working together that was put in, is in the README beside it.",
]

COLUMNS = ["date", "learner", "goal", "what happened", "with", "chosen by", "minutes", "note"]
WORDS = {
    "set": ["set", "new goal", "agreed"],
    "started": ["started", "started", "began"],
    "worked": ["worked on", "practised", "working on"],
    "stuck": ["stuck", "got stuck"],
    "met": ["met", "achieved", "got it"],
    "reopened": ["reopened", "back to it"],
    "dropped": ["dropped"],
    "helper": ["helped", "explained to"],
    "seeker": ["got help from"],
    "peer": ["worked with", "worked together with"],
}
MIRRORED = {"helper": "seeker", "seeker": "helper", "peer": "peer"}
BOTH_WROTE = 0.06  # of the times two worked together: both children had it written down
CHOICES = {"learner": ["learner", "child"], "teacher": ["teacher"]}
NOTES = {
    "set": ["asked for this one", "from our conference", "next step after the last piece"],
    "worked": ["in the report", "in writing time", "in the letter home", "wants to show it tomorrow"],
    "stuck": ["not sure how to begin", "knows it, forgets it in long pieces", "look at an example together"],
    "met": ["three times in a row", "without being asked", "in the kōrero about the river", "proud of this"],
    "reopened": ["gone again in the new story", "still comes and goes"],
    "dropped": ["not needed yet", "we chose something smaller"],
}

Tables = dict[str, pd.DataFrame]


def main(folder: Path = HERE) -> None:
    """Write every file of the sample into a folder."""
    tables = make_tables()
    for name, table in tables.items():
        written = table.to_csv(index=False, date_format="%Y-%m-%d %H:%M", lineterminator="\n")
        (folder / f"{name}.csv").write_text(written, encoding="utf-8", newline="\n")
    room = folder / "room_5"  # apart: a folder is loaded whole, and Room 5 is in the tables already
    room.mkdir(exist_ok=True)
    write_workbook(room / "room_5_log.xlsx", "Log", log_rows(tables))
    write_workbook(room / "room_5_grid.xlsx", "Goals met", grid_rows(tables))


def make_tables() -> Tables:
    """Return the five tables of the school, as far as they are known today."""
    school = simulate_school(**SCHOOL)
    tomorrow = pd.Timestamp(TODAY) + pd.Timedelta(days=1)
    known = [table[table["time"] < tomorrow] for table in (school.events, school.collaborations)]
    events, collaborations = (table.assign(time=table["time"].dt.floor("min")) for table in known)
    return {
        "events": events.assign(note=_notes(events["event"])),
        "collaborations": collaborations.astype({"minutes": "Int64"}),
        "learners": school.learners.assign(**{each: _dates(school.learners[each]) for each in ("joined", "left")}),
        "goals": school.goals,
        "terms": school.terms.assign(title=TITLE, start=_dates(school.terms["start"]), end=_dates(school.terms["end"])),
    }


def log_rows(tables: Tables) -> list[list[Any]]:
    """Return what the teacher of one class would have written: one row a happening, dates only."""
    rng = np.random.default_rng(SEED)
    learners = tables["learners"].query("class_id == @ROOM").set_index("learner_id")["name"]
    titles = tables["goals"].set_index("goal_id")["title"]
    events = tables["events"][tables["events"]["learner_id"].isin(learners.index)]
    rows = [
        (row.time, [learners[row.learner_id], titles[row.goal_id], row.event, None, row.chosen_by, None, row.note])
        for row in events.itertuples()
    ]
    together = tables["collaborations"][tables["collaborations"]["learner_id"].isin(learners.index)]
    for _, episode in together.groupby("episode_id", sort=False):
        writer, *others = _in_order_of_roles(episode)
        goal = episode["goal_id"].dropna().map(titles).unique()
        role = writer.role if isinstance(writer.role, str) else "peer"
        names = ", ".join(learners[other.learner_id] for other in others)
        told = [goal[0] if len(goal) else None, role, names, writer.chosen_by, writer.minutes, None]
        rows.append((writer.time, [learners[writer.learner_id], *told]))
        if len(others) == 1 and rng.random() < BOTH_WROTE:
            mirrored = [told[0], MIRRORED[role], learners[writer.learner_id], *told[3:]]
            rows.append((writer.time, [names, *mirrored]))
    rows.sort(key=lambda row: row[0])
    return [COLUMNS, *([time.date(), *_in_words(rng, cells)] for time, cells in rows)]


def grid_rows(tables: Tables) -> list[list[Any]]:
    """Return the class's grid: a row a learner, a column a goal, in each cell the day on which it was first met."""
    met = tables["events"].query("event == 'met'").groupby(["learner_id", "goal_id"])["time"].min()
    learners = tables["learners"].query("class_id == @ROOM")
    goals = tables["goals"]
    rows = [
        [name, *(met[learner, goal].date() if (learner, goal) in met.index else None for goal in goals["goal_id"])]
        for learner, name in zip(learners["learner_id"], learners["name"], strict=True)
    ]
    return [["learner", *goals["title"]], *rows]


def write_workbook(path: Path, sheet: str, rows: list[list[Any]]) -> None:
    """Write a workbook of one sheet, and a second that says that it is simulated."""
    with xlsxwriter.Workbook(path, {"default_date_format": "ddd d mmm yyyy", "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{ROOM}, {TITLE}", "created": datetime(2026, 9, 16)})
        bold = book.add_format({"bold": True, "bottom": 1})
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            page.write_row(
                number, 0, [None if pd.isna(cell) else cell for cell in cells], bold if number == 0 else None
            )
        page.freeze_panes(1, 1)
        page.autofit()
        about = book.add_worksheet("About")
        about.write_column(0, 0, ABOUT)


def _notes(events: pd.Series) -> list[str | None]:
    rng = np.random.default_rng(SEED)
    return [rng.choice(NOTES[event]) if event in NOTES and rng.random() < 0.15 else None for event in events]


def _in_order_of_roles(episode: pd.DataFrame) -> list[Any]:
    """Return who took part, first the one in whose words it is written: who helped, else who sought help."""
    order = {"helper": 0, "seeker": 1}
    return sorted(episode.itertuples(), key=lambda row: order.get(row.role, 2))


def _in_words(rng: np.random.Generator, cells: list[Any]) -> list[Any]:
    learner, goal, happened, others, chosen_by, minutes, note = cells
    chosen = str(rng.choice(CHOICES[chosen_by])) if isinstance(chosen_by, str) else None
    return [learner, goal, str(rng.choice(WORDS[happened])), others, chosen, minutes, note]


def _dates(times: pd.Series) -> pd.Series:
    return times.dt.strftime("%Y-%m-%d")


if __name__ == "__main__":
    main()
