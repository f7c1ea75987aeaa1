"""The parts of `LogWizard` in a real browser: the file that is chosen, and the questions about it."""

import pytest
from playwright.sync_api import expect

from reflectlab.explore import LogWizard
from reflectlab.explore.wizard.file_picker import FilePicker
from reflectlab.explore.wizard.questions import Question, Questions
from tests.browser.answering import Answering

pytestmark = pytest.mark.browser

HARD_WORDS = ["<img src=x onerror=alert(1)>", "מרים לוי", "Zoë 🦊", "$x_1$", "_x", "Featherstonehaugh-" * 5]
OPTIONS = [("not said yet", ""), ("met the goal", "met"), ("got stuck", "stuck")]


@pytest.fixture
def picker(stage):
    made = FilePicker()
    Answering(stage, made, "picker")
    yield made
    made._remove()


@pytest.fixture
def questions():
    made = Questions("Words that are not known", ["Word", "Means"])
    made.ask([Question(word, [word], f"What {word} means", OPTIONS) for word in HARD_WORDS])
    return made


def test_a_file_is_opened_by_its_path_and_the_enter_key(stage, picker):
    stage.page.get_by_label("Path of the file").fill('"my_class.xlsx"')
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_label("Path of the file")).to_have_value("my_class.xlsx")
    assert (picker.path.name, picker.uploaded) == ("my_class.xlsx", False)


def test_a_file_is_uploaded_whole_in_pieces_and_called_by_its_name(stage, picker, tmp_path):
    name = "<img src=x onerror=alert(1)> $x_1$.csv"
    data = bytes(range(256)) * 10_000
    (tmp_path / name).write_bytes(data)
    stage.page.get_by_label("or upload one").set_input_files(tmp_path / name)
    said = stage.page.get_by_text("Uploaded: _img src=x onerror=alert(1)_ $x_1$.csv")
    said.wait_for()
    assert picker.uploaded
    assert picker.path.read_bytes() == data
    sent = stage.page.evaluate("window.sent.filter(({ at }) => at !== undefined).length")
    assert sent == 3


def choose(page, word, letters):
    """Choose an answer as a teacher does: point at the list, write how the answer begins, press Enter."""
    page.get_by_label(f"What {word} means").click()
    page.keyboard.type(letters)
    page.keyboard.press("Enter")


def test_an_answer_is_chosen_by_mouse_and_by_keyboard(stage, questions):
    Answering(stage, questions, "asked")
    page = stage.page
    choose(page, HARD_WORDS[0], "met")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label(f"What {HARD_WORDS[1]} means")).to_have_value("stuck")
    assert questions.answers[HARD_WORDS[0]] == "met"
    assert questions.answers[HARD_WORDS[1]] == "stuck"


def test_a_picker_that_is_used_stays_itself_when_python_asks_again(stage, questions):
    stage.show(questions, "asked")
    stage.page.get_by_label("What _x means").focus()
    rows = [{**row, "options": [*row["options"], ["was away", "absent"]]} for row in questions.content["rows"][1:]]
    rows = [*rows, {**questions.content["rows"][0], "key": "new", "label": "What new means"}]
    stage.set("asked", "content", {**questions.content, "caption": "Again", "rows": rows})
    stage.page.get_by_text("Again").wait_for()
    assert stage.page.evaluate("document.activeElement.getAttribute('aria-label')") == "What _x means"


def test_an_answer_that_python_has_not_heard_of_is_shown_until_it_has(stage, questions):
    stage.show(questions, "asked")
    page, picker = stage.page, stage.page.get_by_label("What _x means")
    choose(page, "_x", "got")
    stage.set("asked", "answers", {**questions.answers, "$x_1$": "met"})
    assert picker.input_value() == "stuck"
    [told] = page.evaluate("window.sent")
    assert (told["key"], told["value"], told["of"]) == ("_x", "stuck", "")
    stage.set("asked", "heard", {told["by"]: told["number"]})
    assert picker.input_value() == ""


def test_a_row_with_a_button_says_what_it_would_do_now(stage):
    clicks = Questions("Children", ["Name", "Perhaps", ""])
    pair = [("Undo", ""), ("They are one", "one")]
    clicks.ask([Question("Bem", ["Bem", "Ben"], "Bem and Ben", pair, click=True), Question("Zoe", ["Zoe", ""])])
    told = Answering(stage, clicks, "asked")
    stage.page.get_by_role("button", name="They are one: Bem and Ben").click()
    stage.page.get_by_role("button", name="Undo: Bem and Ben").wait_for()
    assert clicks.answers == {"Bem": "one"}
    told.sync("answers", "heard")
    stage.page.get_by_role("button", name="Undo: Bem and Ben").click()
    stage.page.get_by_role("button", name="They are one: Bem and Ben").wait_for()
    assert clicks.answers == {"Bem": ""}
    assert stage.axe("#asked") == []


def test_words_are_text_whatever_is_in_them(stage, questions, screenshots):
    stage.show(questions, "asked")
    page = stage.page
    assert page.locator("#asked img").count() == 0
    assert page.locator("#asked td:first-child").all_text_contents() == HARD_WORDS
    page.screenshot(path=screenshots / "wizard-words.png", full_page=True)
    page.set_viewport_size({"width": 420, "height": 900})
    page.screenshot(path=screenshots / "wizard-words-narrow.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= 420")


def test_where_nothing_is_asked_nothing_is_shown(stage):
    stage.show(Questions("Words", ["Word", "Means"]), "asked")
    assert stage.page.locator("#asked table").count() == 0


MOODLE = """Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address
"30/06/18, 09:00",Aroha Ngata,-,File: Week 1,File,Course module viewed,The user with id '12' viewed it.,web,192.0.2.1
"30/06/18, 09:05",Ben Tau,-,File: Week 1,File,Course module viewed,The user with id '13' viewed it.,web,192.0.2.1
"30/06/18, 09:10",Ms Tane,-,File: Week 1,File,Course module viewed,The user with id '7' viewed it.,web,192.0.2.1
"30/06/18, 09:20",Ms Tane,Ben Tau,Quiz: Week 1,Quiz,User graded,\
The user with id '7' updated the grade with id '5' for the user with id '13',web,192.0.2.1
""".replace("\\\n", "")


def test_those_who_teach_are_left_out_and_taken_in_again_by_pointer(stage, tmp_path, screenshots):
    (tmp_path / "logs.csv").write_text(MOODLE, encoding="utf-8")
    wizard = LogWizard(tmp_path / "logs.csv", mappings=tmp_path)
    told = Answering(stage, wizard.file, "asked")
    picker = stage.page.get_by_label("Some who are listed teach or run the course. Are they learners?")
    everybody = ["Aroha Ngata", "Ben Tau", "Ms Tane"]
    for answer, learners in [("No, leave them out", everybody[:2]), ("Yes, keep them", everybody)]:
        box = picker.bounding_box()
        stage.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        stage.page.keyboard.type(answer)
        stage.page.keyboard.press("Enter")
        expect(picker.locator("option:checked")).to_contain_text(f"{answer}: {len(learners)} children")
        told.sync("content", "answers", "heard")
        assert sorted(wizard.log.learners["name"]) == learners
        stage.page.screenshot(path=screenshots / f"wizard-staff-{len(learners)}.png")
