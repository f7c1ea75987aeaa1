"""Tracking logs of Open edX: one JSON object a line, as the log has it or as it is passed on (`data`, `timestamp`).

Who: of a grade and of a completion `event.user_id`, whose it is; else `username`, else `context.user_id`; where both
are told of somebody they are one person. A record without either is listed. When: `time`, which is UTC. What
happened: `name`, else `event_type`; `event` may be JSON in a text. The goal is the block (problem, video, ...) that
it is about, its `display_name` the title and its kind the strand; an enrolment is about the course, a post about its
thread.

==========  =========================================================================================================
meaning     names
==========  =========================================================================================================
`set`       edx.course.enrollment.activated
`started`   load_video, edx.video.loaded
`worked`    videos, sequences, links, hints, answers shown or saved, posts, votes; an exam handed in; a grade so far
            (edx.grades.*) below all points; edx.completion.block_completion.changed
`met`       problem_check and edx.grades.* with all points, a course grade that has a letter, a completion of 1,
            edx.course.grade.now_passed and passed.first_time
`stuck`     problem_check that is incorrect; edx.course.grade.now_failed
`dropped`   edx.course.enrollment.deactivated
==========  =========================================================================================================

`words` says it of other names, or otherwise; that holds whatever the points.

Working together: a team is an episode of those who were added to it (`edx.team.learner_added`). `add_method` tells who
chose: the learner, who made the team or joined it; or the teacher, who added them by hand or from a file. Those who
write in one thread on a day are an episode too.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....language import gettext, translatable
from ...clean.screen import tidy_name
from ...files.json import RawRecords, parsed
from ..reader import Context, Found, Reader
from .entries import Entry, FileEntries, JsonRecord, Meanings, Person, Unfit, entries_of, inside, read_entries, text_of

_COLUMNS = {"time": "time", "learner_id": "username", "goal_id": "event"}

_NOTHING = translatable("Nothing needs to be done.")

_OF_VIDEOS = (
    "play_video pause_video seek_video stop_video speed_change_video show_transcript hide_transcript "
    "video_show_cc_menu video_hide_cc_menu"
)

_OF_NEW_VIDEOS = (
    "played paused stopped position.changed transcript.shown transcript.hidden closed_captions.shown "
    "closed_captions.hidden"
)

_WORK = (
    "problem_check problem_save problem_show problem_reset problem_graded showanswer seq_next seq_prev seq_goto book "
    "edx.grades.problem.submitted edx.completion.block_completion.changed edx.problem.hint.demandhint_displayed "
    "edx.problem.hint.feedback_displayed edx.forum.thread.created edx.forum.response.created "
    "edx.forum.comment.created edx.forum.thread.viewed edx.ui.lms.sequence.next_selected "
    "edx.ui.lms.sequence.previous_selected edx.ui.lms.sequence.tab_selected edx.ui.lms.outline.selected "
    "edx.ui.lms.link_clicked edx.grades.subsection.grade_calculated edx.grades.course.grade_calculated "
    "openassessmentblock.create_submission openassessmentblock.save_submission"
)

_POSTS = ("thread", "response", "comment")

_EXAMS = ("timed", "practice", "proctored")

NAMES: Mapping[str, str] = {
    **dict.fromkeys(_WORK.split(), "worked"),
    **dict.fromkeys(_OF_VIDEOS.split(), "worked"),
    **{f"edx.video.{name}": "worked" for name in _OF_NEW_VIDEOS.split()},
    **dict.fromkeys(("load_video", "edx.video.loaded"), "started"),
    "edx.course.enrollment.activated": "set",
    "edx.course.enrollment.mode_changed": "set",
    "edx.course.enrollment.deactivated": "dropped",
    "edx.course.grade.now_passed": "met",
    "edx.course.grade.passed.first_time": "met",
    "edx.course.grade.now_failed": "stuck",
    "edx.problem.completed": "met",
    "complete_video": "met",
    **{f"edx.forum.{post}.{done}": "worked" for post in _POSTS for done in ("edited", "voted")},
    **{f"edx.special_exam.{exam}.attempt.created": "started" for exam in _EXAMS},
    **{f"edx.special_exam.{exam}.attempt.submitted": "worked" for exam in _EXAMS},
}
"""What names of events mean."""

_VIDEOS = frozenset(name for name in NAMES if "video" in name or name.endswith("_transcript"))

CHOSEN_BY: Mapping[str, str] = {
    "added_on_create": "learner",
    "joined_from_team_view": "learner",
    "added_by_another_user": "teacher",
    "team_csv_import": "teacher",
}
"""Who chose that somebody is in a team, by `add_method`."""

_ABOUT = (
    "problem_id", "block_id", "module_id", "usage_key", "exam_content_id", "id", "target_url",
)  # fmt: skip

_CALLED = ("exam_name", "target_name")

_OF_SOMEBODY = ("edx.grades.", "edx.course.grade.", "edx.completion.")

_KEY = re.compile(r"(?:ccx-)?block-v1:[^/?#\s]+?@[\w-]+\+block@[\w.-]+")

_COURSE_KEY = re.compile(r"(?:ccx|course)-v1:[^/?#\s]+")

PART = re.compile(rf"({_KEY.pattern}?)_\d+_\d+$")
"""The key of a problem, and of one of its questions."""

THREAD = re.compile(r"/api/discussion/v1/(?:threads|comments)/([\w-]+)")
"""The address of what is written in a forum, as statements name it."""

_KIND = re.compile(r"type@([\w-]+)\+block@|/([\w-]+)/[^/]+$")

_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def recognise(raw: RawRecords, _context: Context) -> bool:
    """Tell whether there are records of a tracking log."""
    return any(
        ("event_type" in record and ("event_source" in record or "username" in record))
        or ("name" in record and "data" in record and "timestamp" in record and "context" in record)
        for record in raw.records
    )


def read(raws: Sequence[RawRecords], context: Context) -> Found:
    """Read tracking logs."""
    meanings = Meanings(NAMES, context.options, "name")
    users = {
        user: name
        for raw in raws
        for record in raw.records
        if (user := text_of(inside(record, "context", "user_id"))) and (name := _username(record))
    }
    return read_entries([_entries(raw, meanings, users) for raw in raws], context, _COLUMNS)


def _entries(raw: RawRecords, meanings: Meanings, users: Mapping[str, str]) -> FileEntries:
    return entries_of(raw, lambda record, row: _entry(record, row, meanings, users))


def _entry(record: JsonRecord, row: int, meanings: Meanings, users: Mapping[str, str]) -> Entry:
    name = text_of(record.get("name")) or text_of(record.get("event_type"))
    event = record.get("event", record.get("data"))
    told = parsed(event) if isinstance(event, str) else event
    if name.startswith("edx.team."):
        return _in_team(name, told, record, row, users)
    meaning = meanings.of(name)
    if name in ("problem_check", "problem_graded", "problem_save") and _source(record) == "browser":
        raise Unfit(
            "told_twice", gettext("The server tells of this too, with its result."), _NOTHING, "event_source", "browser"
        )
    goal, title = _goal(name, told, record)
    kind = "course" if goal == text_of(inside(record, "context", "course_id")) else _kind(goal)
    meant = meaning if meanings.said(name) else _by_result(meaning, told)
    learner = _whose(name, told, record, users)
    entry = Entry(row, _time(record), goal, title, kind, meant, [learner])
    if name.startswith("edx.forum.") and name.endswith(".created"):
        entry.participants, entry.team, entry.strand = [(learner, "peer")], goal, "thread"
    return entry


def _by_result(meaning: str, told: Any) -> str:
    """Return what work was, in the light of its points."""
    if meaning != "worked" or not isinstance(told, dict):
        return meaning
    if told.get("success") == "incorrect":
        return "stuck"
    if told.get("success") == "correct" or (told.get("letter_grade") and "percent_grade" in told):
        return "met"
    earned = next((told[key] for key in _EARNED if key in told), None)
    most = next((told[key] for key in _MOST if key in told), 1)
    full = isinstance(earned, int | float) and isinstance(most, int | float) and earned >= most > 0
    return "met" if full else "worked"


_EARNED = ("grade", "weighted_earned", "weighted_total_earned", "completion", "percent_grade")

_MOST = ("max_grade", "weighted_possible", "weighted_total_possible")


def _whose(name: str, told: Any, record: JsonRecord, users: Mapping[str, str]) -> Person:
    """Return whose event it is: a grade and a completion belong to the learner, whoever gave it."""
    user = text_of(inside(told, "user_id")) if name.startswith(_OF_SOMEBODY) else ""
    if user and user != text_of(inside(record, "context", "user_id")):
        return _person(users.get(user, ""), user)
    return _learner(record, users)


def _username(record: JsonRecord) -> str:
    return text_of(record.get("username")) or text_of(inside(record, "context", "username"))


def _source(record: JsonRecord) -> Any:
    return record.get("event_source", inside(record, "context", "event_source"))


def _in_team(name: str, told: Any, record: JsonRecord, row: int, users: Mapping[str, str]) -> Entry:
    """Tell who came into a team, and who chose that."""
    team = text_of(inside(told, "team_id"))
    if name != "edx.team.learner_added" or not team:
        text = gettext('"{name}" does not say who came into a team.', name=name)
        raise Unfit("unknown_word", text, _NOTHING, "name", name)
    user = text_of(inside(told, "user_id"))
    learner = _person(users.get(user, ""), user) if user else _learner(record, users)
    course = text_of(inside(record, "context", "course_id"))
    chosen_by = CHOSEN_BY.get(text_of(inside(told, "add_method")))
    participants = [(learner, "peer")]
    return Entry(row, _time(record), participants=participants, team=f"{course} {team}", chosen_by=chosen_by)


def _learner(record: JsonRecord, users: Mapping[str, str]) -> Person:
    user = text_of(inside(record, "context", "user_id"))
    learner = _person(_username(record) or users.get(user, ""), user)
    if not learner.text:
        text, hint = (
            gettext("This record says neither a username nor a number of a user."),
            gettext("It was made by nobody, or a guest."),
        )
        raise Unfit("missing_learner", text, hint, "username")
    return learner


def _person(username: str, user: str) -> Person:
    return Person("username", tidy_name(username)) if username else Person("user_id", user)


def _time(record: JsonRecord) -> str:
    time = text_of(record.get("time")) or text_of(record.get("timestamp"))
    return time if not time or _ZONE.search(time) else f"{time}Z"


def _goal(name: str, told: Any, record: JsonRecord) -> tuple[str, str]:
    """Return what it is about, and what that is called."""
    course = text_of(inside(record, "context", "course_id"))
    if name.startswith(("edx.course.", "edx.grades.course.")):
        goal, title = text_of(inside(told, "course_id")) or course, ""
    elif name.startswith("edx.forum."):
        goal, title = text_of(inside(told, "discussion", "id") or inside(told, "id")), text_of(inside(told, "title"))
    else:
        goal = next((text for key in _ABOUT if (text := text_of(inside(told, key)))), "")
        goal = _key_of_video(goal, course) if name in _VIDEOS else goal
        goal = goal or text_of(inside(record, "context", "module", "usage_key"))
        title = next((text for key in _CALLED if (text := text_of(inside(told, key)))), "")
        title = title or text_of(inside(record, "context", "module", "display_name"))
    if not goal:
        raise Unfit("missing_goal", gettext("This record is about no block and no course."), _NOTHING, "event", name)
    return goal_key(tidy_name(goal)), title


def _key_of_video(goal: str, course: str) -> str:
    """Return the key of a video, of which its events have only the end."""
    found = _RUN.fullmatch(course)
    if not found or not goal.isalnum():
        return goal
    return f"{'ccx-' if found[1] == 'ccx' else ''}block-v1:{found[2]}+type@video+block@{goal}"


_RUN = re.compile(r"(course|ccx)-v1:(.+)")


def goal_key(goal: str) -> str:
    """Return the key of a block or a course that an address holds; any other text as it is.

    >>> goal_key("http://school.example/xblock/block-v1:S+WR1+2026+type@problem+block@1a2b/hint/1")
    'block-v1:S+WR1+2026+type@problem+block@1a2b'
    >>> goal_key("http://school.example/course/course-v1:S+WR1+2026"), goal_key("http://school.example/essay")
    ('course-v1:S+WR1+2026', 'http://school.example/essay')
    """
    if "-v1:" not in goal:
        return goal
    found = _KEY.search(goal) or _COURSE_KEY.search(goal)
    return found[0] if found else goal


def _kind(goal: str) -> str:
    found = _KIND.search(goal)
    return (found[1] or found[2]) if found else ""


READER = Reader(
    name="openedx",
    what="tracking logs of Open edX, as JSON lines",
    recognise=recognise,
    read=read,
    takes=RawRecords,
)
