"""Make the picture in the README anew: the board of one class of `data/sample`.

Run it from anywhere: `python docs/make_pictures.py`. A PNG shows names in the scripts that there are fonts for
(on Debian: fonts-noto-core); the class is one whose scripts are common.
"""

from pathlib import Path

import reflectlab as rl
from reflectlab.show import to_png

HERE = Path(__file__).resolve().parent
ROOM = "Room 6"


def main(folder: Path = HERE) -> None:
    """Write every picture into a folder."""
    school = rl.load(HERE.parent / "data" / "sample")
    room = school.select(class_id=ROOM)
    goals = school.goals.set_index("goal_id")
    board = rl.plot_board(
        rl.stretches(room),
        rl.episodes(room),
        names=room.learners.set_index("learner_id")["name"],
        titles=goals["title"],
        strands=goals["strand"],
        calendar=room.calendar.days,
        title=f"{ROOM} · Term 3 2026 · writing goals",
    )
    (folder / "board.png").write_bytes(to_png(board, dpi=140))


if __name__ == "__main__":
    main()
