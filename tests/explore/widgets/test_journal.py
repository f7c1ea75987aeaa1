"""`JournalView`, without a browser: what the page asks and what it is answered."""

import json
from datetime import date

import pytest

import reflectlab
from reflectlab.explore import Choice, JournalView
from reflectlab.journal import Journal
from reflectlab.log import ProgressLog

NOTE = {"do": "keep", "noticed": "She asked.", "will_try": "", "day": "2026-08-03", "about": "", "goal": ""}
HARD_NAMES = [
    "<img src=x onerror=alert(1)>",
    "מרים לוי",
    "Zoë 🦊",
    "$x_1$",
    "_name",
    "Wilhelmina-Alexandrina Featherstonehaugh-" * 2,
]


class Page:
    """What a page hears from a view."""

    def __init__(self, view):
        self.heard = []
        self.view = view
        view.send = lambda content, buffers=None: self.heard.append(json.loads(json.dumps(content)))

    def ask(self, **message):
        """Return the answers to a message."""
        self.heard.clear()
        self.view._handle_custom_msg(message, [])
        return list(self.heard)

    def look(self, **more):
        [told] = self.ask(do="look", **more)
        return told


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.sqlite")


@pytest.fixture
def choice():
    return Choice(reflectlab.example())


@pytest.fixture
def page(choice, journal):
    return Page(JournalView(choice, journal))


def key(told, label, of="about"):
    return next(each["key"] for each in told[of] if each["label"] == label)


def test_a_note_can_be_about_the_class_and_each_of_its_learners(page):
    told = page.look()
    assert [each["label"] for each in told["about"]] == ["Room 5", "Aroha", "Ben", "Chloë", "Hēmi"]
    assert told["now"] == key(told, "Room 5")
    assert told["day"] == page.view.choice.day.isoformat()
    assert told["notes"] == []
    assert told["caption"] == "No notes yet."


def test_the_form_follows_what_is_looked_at(page):
    page.view.choice.learner_id = "ben"
    page.view.goal_id = "hook"
    page.view.choice.day = date(2026, 7, 22)
    told = page.heard[-1]
    assert told["now"] == key(told, "Ben")
    assert told["goal"] == key(told, "Open with a hook", "goals")
    assert told["day"] == "2026-07-22"


def test_a_note_is_acknowledged_after_it_is_on_the_disk(page, journal):
    told = page.look()
    ids = {"about": key(told, "Hēmi"), "goal": key(told, "Open with a hook", "goals")}
    kept, again = page.ask(**(NOTE | ids), draft="1")
    assert kept == {"is": "kept", "draft": "1", "said": "Kept: Hēmi · Open with a hook."}
    [note] = Journal(journal.path).notes().drop(columns=["note_id", "written"]).to_dict("records")
    assert note == {
        "day": note["day"],
        "class_id": "Room 5",
        "learner_id": "hemi",
        "goal_id": "hook",
        "about": "Hēmi · Open with a hook",
        "noticed": "She asked.",
        "will_try": "",
    }
    assert [each["noticed"] for each in again["notes"]] == ["She asked."]
    assert again["notes"][0]["day"] == "Monday 3 August 2026"


def test_a_draft_that_comes_twice_is_one_note(page, journal):
    page.look()
    assert page.ask(**NOTE, draft="1")[0] == page.ask(**NOTE, draft="1")[0]
    assert len(journal.notes()) == 1
    page.ask(**NOTE, draft="2")
    assert len(journal.notes()) == 2


def test_a_note_that_cannot_be_kept_is_not_acknowledged(page, journal, tmp_path):
    [refused] = page.ask(**(NOTE | {"noticed": " "}), draft="1")
    assert (refused["is"], refused["draft"]) == ("refused", "1")
    assert "both are empty" in refused["said"]
    assert "day" in page.ask(**(NOTE | {"day": ""}), draft="1")[0]["said"]
    (tmp_path / "file").write_text("")
    page.view.journal = Journal(tmp_path / "file" / "journal.sqlite")
    assert "REFLECTLAB_DATA" in page.ask(**NOTE, draft="1")[0]["said"]
    page.view.journal = journal
    assert page.ask(**NOTE, draft="1")[0]["is"] == "kept"


def test_a_journal_that_cannot_be_read_is_told_beside_the_form(page, tmp_path):
    (tmp_path / "other").write_bytes(b"something else entirely" * 100)
    page.view.journal = Journal(tmp_path / "other")
    told = page.look()
    assert "is no journal" in told["trouble"]
    assert told["notes"] == []
    assert told["about"]


def test_a_note_about_who_is_looked_at_no_more_stays_theirs(page, journal):
    ben = key(page.look(), "Ben")
    page.view.choice.learner_id = "hemi"
    page.ask(**(NOTE | {"about": ben}), draft="1")
    assert journal.notes()["learner_id"].tolist() == ["ben"]


def test_earlier_notes_are_searched_and_narrowed(page, journal):
    journal.write("Ben asked.", learner_id="ben", class_id="Room 5", about="Ben")
    journal.write("All were loud.", class_id="Room 5")
    journal.write("Elsewhere.", class_id="Room 6")
    page.view.choice.learner_id = "ben"

    def noticed(**asked):
        return [note["noticed"] for note in page.look(**asked)["notes"]]

    assert noticed(show="class") == ["All were loud.", "Ben asked."]
    assert noticed(show="learner") == ["Ben asked."]
    assert noticed(show="all", search="ELSE") == ["Elsewhere."]
    assert noticed(show="nonsense") == ["Elsewhere.", "All were loud.", "Ben asked."]


def test_another_notebook_sees_the_note_when_it_looks(page, journal, choice):
    other = Page(JournalView(choice, Journal(journal.path)))
    page.ask(**NOTE, draft="1")
    assert [note["noticed"] for note in other.look(show="all")["notes"]] == ["She asked."]


def test_hidden_names_close_the_journal(page, journal):
    journal.write("Ben asked.", class_id="Room 5", about="Ben")
    draft_about = key(page.look(), "Aroha")
    page.view.choice.hidden = True
    assert page.heard[-1] == {"is": "hidden"}
    assert page.look() == {"is": "hidden"}
    assert page.ask(do="export", show="all") == [{"is": "hidden"}]
    kept = page.ask(**(NOTE | {"about": draft_about}), draft="1")
    assert kept[-1] == {"is": "hidden"}
    assert journal.notes(learner_id="aroha")["about"].tolist() == ["Aroha"], "not the number that stood for her"
    page.view.choice.hidden = False
    assert [note["noticed"] for note in page.look()["notes"]] == ["Ben asked.", "She asked."]


def test_what_is_listed_goes_out_as_markdown(page, journal):
    journal.write("Ben *asked*.", class_id="Room 5", about="Ben", day="2026-08-03")
    journal.write("Elsewhere.", class_id="Room 6")
    [out] = page.ask(do="export", show="class", search="")
    assert out["is"] == "markdown"
    assert "Ben \\*asked\\*" in out["text"]
    assert "Elsewhere" not in out["text"]


def test_only_the_latest_are_sent_when_there_are_many(page, journal, monkeypatch):
    monkeypatch.setattr("reflectlab.explore.widgets.journal._MOST", 2)
    for number in range(3):
        journal.write(f"{number}", day="2026-08-03")
    told = page.look(show="all")
    assert [note["noticed"] for note in told["notes"]] == ["2", "1"]
    assert told["caption"] == "The latest 2 of 3 notes: search to find the others."


@pytest.mark.parametrize("nonsense", [None, [], {}, {"do": "fly"}, {"do": ["look"]}, {"do": "keep", "noticed": 3}])
def test_nonsense_from_the_page_keeps_nothing(page, journal, nonsense):
    page.view._handle_custom_msg(nonsense, [])
    assert journal.notes().empty


def test_nothing_of_the_journal_is_stored_in_the_notebook(page, journal):
    journal.write("a secret of somebody", class_id="Room 5", about="Aroha")
    page.look()
    state = {name: value for name, value in page.view.get_state().items() if name not in ("_esm", "_css")}
    assert "secret" not in str(state)
    assert "Aroha" not in str(state)


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_name_comes_through_as_it_is(name, journal):
    log = reflectlab.example()
    learners = log.learners.assign(name=[name, *log.learners["name"][1:]])
    log = ProgressLog.from_tables(events=log.events, learners=learners, goals=log.goals)
    page = Page(JournalView(Choice(log), journal))
    told = page.look()
    page.ask(**(NOTE | {"about": told["about"][1]["key"]}), draft="1")
    assert told["about"][1]["label"] == name == page.look()["notes"][0]["about"]


def test_a_log_without_classes_has_notes_all_the_same(journal):
    log = reflectlab.example()
    page = Page(JournalView(Choice(ProgressLog.from_tables(events=log.events)), journal))
    told = page.look()
    assert [each["label"] for each in told["about"]][:2] == ["the class", "aroha"]
    page.ask(**(NOTE | {"about": told["about"][1]["key"]}), draft="1")
    assert len(page.look(show="class")["notes"]) == 1
