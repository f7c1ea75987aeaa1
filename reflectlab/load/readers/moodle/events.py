"""What events of Moodle's log mean: by their name, else by their description, which Moodle does not translate."""

from collections.abc import Mapping

import polars as pl

from ...files.raw import folded

WORKED = (
    "A file has been uploaded", "A submission has been submitted", "An online text has been uploaded",
    "Add Submission", "Answer created", "Answer updated", "Assessable uploaded", "Attempt submitted",
    "Attempt viewed", "Book printed", "Chapter viewed", "Choice answer added", "Choice made", "Choice updated",
    "Clicked join meeting button", "Comment created", "Comments viewed", "Content page viewed",
    "Course module instance list viewed", "Course module viewed", "Course viewed", "Discussion created",
    "Discussion subscription created", "Discussion viewed", "Entry created", "Entry updated", "Entry viewed",
    "Feedback viewed", "Glossary entry created", "Lesson ended", "Lesson resumed", "Lesson restarted",
    "List Submissions", "Post created", "Post updated", "Question answered", "Question viewed",
    "Quiz attempt reviewed", "Quiz attempt submitted", "Quiz attempt summary viewed", "Quiz attempt viewed",
    "Response submitted", "Sco launched", "Some content has been posted", "Submission confirmation form viewed",
    "Submission created", "Submission form viewed", "Submission updated", "Subscription created",
    "Tag added to an item", "The status of the submission has been viewed", "The user duplicated their submission",
    "The user has accepted the statement of the submission", "Wiki page created", "Wiki page updated",
    "Wiki page viewed", "Zip archive of folder downloaded", "User list viewed", "User profile viewed",
    "Badge listing viewed", "User report viewed", "Grade user report viewed", "Discussion subscription deleted",
    "Subscription deleted", "Post deleted", "Comment deleted", "Submission statement accepted", "Course searched",
    "Recent activity viewed", "Calendar event created", "Calendar event updated", "xAPI statement received",
    "H5P content viewed", "Report viewed", "Wiki history viewed", "Wiki map page viewed",
)  # fmt: skip

STARTED = ("Quiz attempt started", "Attempt started", "Lesson started")

MET_EVENTS = ("Course activity completion updated", "Course module completion updated", "Course completed")

MEANING: Mapping[str, str] = {
    folded(name): meaning
    for meaning, names in (("worked", WORKED), ("started", STARTED), ("met", MET_EVENTS))
    for name in names
}
"""The meaning of each event, by its name in English, folded."""

COMPLETIONS = frozenset(folded(name) for name in MET_EVENTS)

_SEEN = (
    "'[a-z]+' activity with course module id|course with (?:the )?id|section number|list of users|profile for the user|"
    "(?:their )?(?:attempt|summary|submission|discussion|feedback|chapter|entry|comments?|page|wiki|status|recent "
    "activity|instance list|list of (?:resources|available badges))|page '|user report"
)

_DONE = (
    "has (?:submitted|answered|posted|uploaded|accepted|resumed|ended|restarted|saved|duplicated|joined|"
    "made the choice)|"
    "has (?:created|updated|added|deleted) (?:the|a|an|their) (?:post|discussion|entry|answer|comment|choice|response|"
    "submission|subscription|wiki)|"
    "(?:created|updated) (?:an?|the|their) (?:online text|file submission|submission|wiki|comment|entry|note)"
)

_TOLD = {
    "met": r"updated the completion state for the course module|completed the course with id",
    "started": r"has started the (?:attempt|lesson)|started the lesson",
    "worked": rf"(?:has )?viewed (?:the )?(?:{_SEEN})|{_DONE}",
}
"""What descriptions say where they mean an event, behind "The user with id '12'"."""

_BEGIN = r"(?i)^the user with (?:the )?id '?-?\d+'? "

_BELONGS = r"(?i)^the user .*(?:updated the completion state|updated the grade|has graded the submission)"


def described() -> pl.Expr:
    """Return the event that a row's `description` tells of, missing where that is none we know."""
    description, none = pl.col("description"), pl.lit(None, pl.String)
    return pl.coalesce(
        *(
            pl.when(description.str.contains(f"{_BEGIN}(?:{pattern})")).then(pl.lit(event)).otherwise(none)
            for event, pattern in _TOLD.items()
        )
    )


def belongs_to_another() -> pl.Expr:
    """Tell whether a row's `description` is of a completion or a grade, which are those of the affected user."""
    return pl.col("description").str.contains(_BELONGS)
