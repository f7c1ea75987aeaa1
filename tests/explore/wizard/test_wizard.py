"""`LogWizard`, without a browser: what is answered, and what `load` makes of it."""

import errno
import json
from pathlib import Path

import pytest

import reflectlab as rl
from reflectlab.errors import ExistsError, ReflectLabError
from reflectlab.explore import LogWizard
from reflectlab.explore.wizard.file_picker import FilePicker
from reflectlab.explore.wizard.reading import columns_of
from reflectlab.load.mappings import Mappings

SHEET = "date,learner,goal,what happened,with\n2026-07-20,Aroha,hook,started,\n2026-07-22,Aroha,hook,helped,Ben\n"
GERMAN = (
    "Datum;Kind;Ziel;Was;Mit;Punkte\n"
    "03/04/2026;Anna;Haken;erreicht;;3\n"
    "04/04/2026;Ben;Haken;bekam Hilfe;Anna;\n"
    "04/04/2026;Anna;Haken;half;Ben;\n"
    "05/04/2026;Ben;Haken;krank;;\n"
)
HARD_NAMES = ["<img src=x onerror=alert(1)>", "מרים לוי", "Zoë 🦊", "$x_1$", "_name", "Featherstonehaugh-" * 5]


@pytest.fixture
def file(tmp_path):
    def write(text, name="class.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def open_wizard(tmp_path):
    return lambda path=None: LogWizard(path, mappings=tmp_path / "kept")


@pytest.fixture
def german(file, open_wizard):
    wizard = open_wizard(file(GERMAN))
    said = {"Datum": "the date", "Kind": "the learner", "Ziel": "the goal", "Was": "what happened", "Mit": "with whom"}
    for header, meaning in said.items():
        answer(wizard.columns.table, header, meaning)
    wizard.dates.order.value = True
    for word, meaning in {"erreicht": "met the goal", "half": "helped someone", "bekam Hilfe": "got help"}.items():
        answer(wizard.words, word, meaning)
    return wizard


def answer(questions, first_cell, label):
    """Choose an answer as a teacher does: by what stands in the row, and by what the picker says."""
    row = next(row for row in questions.content["rows"] if row["cells"][0] == first_cell)
    send(questions, row["key"], dict(map(tuple, row["options"]))[label])


def send(questions, key, value, of=None):
    """Send an answer as the page does."""
    told = {"do": "answer", "of": of or questions.content["of"], "key": key, "value": value, "by": "page", "number": 1}
    questions._handle_custom_msg(told, [])


def answers(questions):
    """Return what is chosen in each row, in the words of the picker."""
    told = {}
    for row in questions.content["rows"]:
        labels = {value: label for label, value in row["options"]}
        told[row["cells"][0]] = labels[questions.answers[row["key"]]]
    return told


def texts(widget):
    """Return all words and cells that a box shows, as one text."""
    mine = [getattr(widget, "text", ""), json.dumps(getattr(widget, "content", ""), ensure_ascii=False)]
    return "\n".join([*mine, *(texts(child) for child in getattr(widget, "children", ()))])


def run(code):
    told = {}
    exec(code, {"rl": rl}, told)
    return told["log"]


def same(one, other):
    """Tell whether two logs are the same; the wizard says in other words what to do about a problem."""
    found = [log.problems[["file", "sheet", "row", "column", "code", "value"]] for log in (one, other)]
    return rows(found[0]) == rows(found[1]) and all(
        rows(getattr(one, name)) == rows(getattr(other, name)) for name in ("events", "collaborations", "learners")
    )


def rows(frame):
    return sorted(map(str, frame.to_dict("records")))


def test_a_class_log_is_understood_by_itself(file, open_wizard):
    path = file(SHEET + "2026-07-20,Ben,hook,started,\n")
    wizard = open_wizard(path)
    assert same(wizard.log, rl.load(path))
    assert wizard.arguments == {}
    assert "3 rows read = 3 rows in the log + 0 rows listed below." in wizard.summary.text
    assert answers(wizard.columns.table)["what happened"] == "what happened"
    assert "Every row was understood." in texts(wizard.problems)
    assert wizard.keeping.keep.disabled


def test_who_is_only_with_others_is_left_out_at_the_children(file, open_wizard):
    told = texts(open_wizard(file(SHEET)).problems)
    assert "Leave out who is none: in step 4, at the children." in told


def test_before_a_file_is_chosen_there_is_no_log(open_wizard):
    wizard = open_wizard()
    assert wizard.code == ""
    with pytest.raises(ReflectLabError, match="No file has been chosen yet"):
        _ = wizard.log


def test_a_file_that_is_not_there_says_so(open_wizard, tmp_path):
    wizard = open_wizard(tmp_path / "nowhere.csv")
    assert "There is no file" in wizard.summary.text
    with pytest.raises(ReflectLabError, match=r"There is no log yet\. There is no file"):
        _ = wizard.log


def test_columns_words_and_dates_are_mapped_by_pickers(german):
    log = german.log
    assert log.events[["learner_id", "event"]].to_numpy().tolist() == [["Anna", "met"]]
    assert log.collaborations["role"].tolist() == ["seeker", "helper"]
    assert log.events["time"].dt.strftime("%Y-%m-%d").tolist() == ["2026-04-03"]
    assert "krank" in texts(german.problems)
    assert same(log, run(german.code))


def test_two_rows_of_one_moment_count_once_unless_said_otherwise(german):
    assert german.log.collaborations["episode_id"].nunique() == 1
    german.columns.mirrored.value = False
    assert german.log.collaborations["episode_id"].nunique() == 2
    assert "columns" in german.arguments
    assert same(german.log, run(german.code))


def test_what_is_asked_for_is_said(file, open_wizard):
    wizard = open_wizard(file(GERMAN))
    assert "say below what its columns hold" in wizard.summary.text
    for header, meaning in {
        "Datum": "the date",
        "Kind": "the learner",
        "Was": "what happened",
        "Ziel": "the goal",
    }.items():
        answer(wizard.columns.table, header, meaning)
    assert "choose one" in wizard.dates.asked.text
    wizard.dates.order.value = False
    assert wizard.dates.asked.text == ""
    assert "say below what its words mean" in wizard.summary.text
    assert set(answers(wizard.words)) == {"erreicht", "half", "bekam Hilfe", "krank"}


def test_rows_with_a_word_can_be_left_out_and_taken_back(german):
    answer(german.words, "krank", "leave these rows out")
    assert german.arguments["words"]["krank"] is None
    assert german.log.problems["code"].tolist().count("left_out") == 1
    answer(german.words, "krank", "got stuck")
    assert german.log.events["event"].tolist() == ["met", "stuck"]
    answer(german.words, "krank", "not said yet")
    assert "krank" not in german.arguments["words"]
    assert answers(german.words)["krank"] == "not said yet"


def test_an_answer_names_its_word_and_lands_there_whatever_was_asked_meanwhile(german):
    late = [row["key"] for row in german.words.content["rows"] if row["cells"][0] == "krank"]
    assert late == ['["Was", "krank"]']
    answer(german.columns.table, "Was", "nothing that is needed")
    assert "krank" not in [row["cells"][0] for row in german.words.content["rows"]]
    send(german.words, late[0], "stuck")
    answer(german.columns.table, "Was", "what happened")
    assert german.log.events[["learner_id", "event"]].to_numpy().tolist() == [["Anna", "met"], ["Ben", "stuck"]]


def test_an_answer_about_another_file_or_of_no_such_kind_is_let_go(german, file):
    before, key = german.words.content["of"], german.words.content["rows"][0]["key"]
    german.picker.choose(file(GERMAN.replace("krank", "weg"), "other.csv"))
    asked = dict(german.words.answers)
    send(german.words, key, "dropped", of=before)
    send(german.words, key, "fly")
    send(german.words, '["Was", "nowhere"]', "met")
    assert german.words.answers == asked


def test_words_keep_their_order_while_they_are_answered(german):
    words = [row["cells"][0] for row in german.words.content["rows"]]
    for word in reversed(words):
        answer(german.words, word, "leave these rows out")
        answer(german.words, word, "not said yet")
        assert [row["cells"][0] for row in german.words.content["rows"]] == words


def test_a_word_that_is_nearly_known_is_suggested(file, open_wizard):
    wizard = open_wizard(file(SHEET + "2026-07-23,Aroha,hook,achived,\n"))
    [row] = wizard.words.content["rows"]
    assert row["cells"] == ["achived", "what happened", "1", "achieved"]
    answer(wizard.words, "achived", "met the goal")
    assert wizard.log.events["event"].tolist() == ["started", "met"]


def test_two_columns_cannot_hold_the_same(german):
    answer(german.columns.table, "Punkte", "the learner")
    assert answers(german.columns.table)["Kind"] == "nothing that is needed"
    assert answers(german.columns.table)["Punkte"] == "the learner"


def test_what_happened_may_be_the_same_in_every_row(file, open_wizard):
    wizard = open_wizard(file("Tag,Kind,Ziel\n2026-07-20,Anna,Haken\n"))
    for header, meaning in {"Tag": "the date", "Kind": "the learner", "Ziel": "the goal"}.items():
        answer(wizard.columns.table, header, meaning)
    wizard.columns.every.value = "met"
    assert wizard.log.events["event"].tolist() == ["met"]
    assert same(wizard.log, run(wizard.code))
    wizard.columns.every.value = ""
    assert wizard.reading.log is None


def test_every_picker_shows_what_is_picked(german):
    german.dates.order.value = ""
    german.dates.order.value = True
    german.dates.year.value = 2025
    german.dates.year.value = ""
    pickers = [german.dates.order, german.dates.year, german.dates.form, german.columns.every]
    assert [picker.label for picker in pickers] == [
        "the third of April",
        "as written",
        "as people write them",
        "not said",
    ]


def test_a_year_that_is_missing_is_asked_for(file, open_wizard):
    wizard = open_wizard(file(SHEET.replace("2026-", "").replace("07-20", "20 July").replace("07-22", "22 July")))
    assert "have no year" in wizard.dates.asked.text
    wizard.dates.year.value = 2025
    assert wizard.log.first_day.year == 2025


def test_numbers_can_be_the_days_of_a_spreadsheet_and_zones_become_the_clock_of_the_school(file, open_wizard):
    wizard = open_wizard(file(SHEET.replace("2026-07-20", "46223").replace("2026-07-22", "46225")))
    wizard.dates.form.value = "excel"
    assert str(wizard.log.first_day) == "2026-07-20"
    zoned = open_wizard(file(SHEET.replace("2026-07-20", "2026-07-20T23:00:00Z"), "zoned.csv"))
    zoned.dates.zone.value = "Pacific/Auckland"
    assert str(zoned.log.first_day) == "2026-07-21"


def test_the_day_of_ticks_is_asked_for_where_there_are_some(file, open_wizard):
    wizard = open_wizard(file("learner,hook,verbs\nAroha,x,2026-07-20\nBen,,x\n"))
    assert wizard.dates.ticks.layout.display is None
    assert wizard.columns.table.content["rows"] == []
    wizard.dates.ticks.value = rl.load(wizard.picker.path).first_day
    assert len(wizard.log.events) == 3
    assert same(wizard.log, run(wizard.code))


def test_the_tables_of_a_school_need_no_mapping(open_wizard, root):
    wizard = open_wizard(root / "data" / "sample")
    assert wizard.log.account["listed"].sum() == 0
    assert wizard.columns.table.content["rows"] == []


def test_a_mapping_is_kept_and_used_for_the_next_file_with_the_same_headers(german, file, open_wizard):
    german.keeping.keep.click()
    assert "Kept in" in german.keeping.said.text
    later = open_wizard(file(GERMAN.replace("03/04", "10/04"), "later.csv"))
    assert later.arguments == german.arguments
    assert len(later.log.events) == 1
    assert answers(later.words)["half"] == "helped someone"
    assert "What you said of such a file before is used" in later.keeping.said.text


def test_a_year_is_kept_with_the_name_of_the_file_and_asked_again_for_another(file, open_wizard):
    short = SHEET.replace("2026-07-20", "20 July").replace("2026-07-22", "22 July")
    wizard = open_wizard(file(short, "term 3.csv"))
    wizard.dates.year.value = 2025
    assert "Only for term 3.csv: the year." in wizard.keeping.said.text
    wizard.keeping.keep.click()
    again = open_wizard(wizard.picker.path)
    assert again.arguments == {"year": 2025}
    assert again.log.first_day.year == 2025
    other = open_wizard(file(short, "term 4.csv"))
    assert other.arguments == {}
    assert "have no year" in other.dates.asked.text
    other.dates.year.value = 2024
    other.keeping.keep.click()
    assert [open_wizard(path).arguments["year"] for path in (wizard.picker.path, other.picker.path)] == [2025, 2024]


def test_another_mapping_is_replaced_only_when_that_is_said(german, tmp_path):
    german.keeping.keep.click()
    answer(german.words, "krank", "got stuck")
    before = [path.read_bytes() for path in (tmp_path / "kept").iterdir()]
    german.keeping.keep.click()
    assert "Replace it?" in german.keeping.said.text
    assert [path.read_bytes() for path in (tmp_path / "kept").iterdir()] == before
    german.keeping.leave.click()
    assert german.keeping._sure.layout.display == "none"
    german.keeping.keep.click()
    german.keeping.replace.click()
    [kept] = (tmp_path / "kept").iterdir()
    assert json.loads(kept.read_text())["arguments"]["words"]["krank"] == "stuck"


def test_a_mapping_goes_where_it_is_wanted(german, tmp_path):
    german.keeping.folder.value = str(tmp_path / "elsewhere")
    german.keeping.keep.click()
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1
    (tmp_path / "file").write_text("")
    german.keeping.folder.value = str(tmp_path / "file" / "below")
    answer(german.words, "krank", "got stuck")
    german.keeping.keep.click()
    assert "cannot be kept" in german.keeping.said.text


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"arguments": {"words": {"S": "fly"}}}', '{"arguments": {"tz": "Mars"}}']
)
def test_a_mapping_that_cannot_be_used_is_not(file, open_wizard, tmp_path, text):
    path = file(GERMAN)
    kept = Mappings(tmp_path / "kept").file([column.header for column in columns_of(path)])
    kept.parent.mkdir()
    kept.write_text(text)
    wizard = open_wizard(path)
    assert wizard.arguments == {}
    assert "cannot be used" in wizard.keeping.said.text
    with pytest.raises(ExistsError):
        Mappings(tmp_path / "kept").keep([column.header for column in columns_of(path)], {"dayfirst": True})


def test_many_problems_of_a_kind_are_one_line_with_the_first_places(file, open_wizard):
    wizard = open_wizard(file(SHEET + "2026-07-20,Ben,hook,started,\n" + "no date,Aroha,hook,met,\n" * 300))
    [table] = wizard.problems.children
    assert table.content["caption"] == "300 that left rows out of the log, 0 remarks"
    [row] = table.content["rows"]
    assert row["cells"][:2] == ["300", "; ".join(f'class.csv, row {n}, column date "no date"' for n in (5, 6, 7))]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_words_and_headers_come_through_as_they_are(name, file, open_wizard):
    quoted = name.replace('"', '""')
    wizard = open_wizard(file(f'Tag,"{quoted}",Ziel,Was\n2026-07-20,"{quoted}",Haken,"{quoted}"\n'))
    for header, meaning in {"Tag": "the date", name: "the learner", "Ziel": "the goal", "Was": "what happened"}.items():
        answer(wizard.columns.table, header, meaning)
    answer(wizard.words, name, "met the goal")
    assert wizard.log.learners["name"].tolist() == [name]
    assert same(wizard.log, run(wizard.code))


class Upload:
    """Files brought to a picker as the page brings them."""

    def __init__(self, picker):
        self.picker, self.heard = picker, []
        picker.send = lambda content, buffers=None: self.heard.append(content)

    def bring(self, name, data, piece=10, skip=None):
        for at in range(0, max(len(data), 1), piece):
            if at != skip:
                told = {"do": "piece", "name": name, "at": at, "last": at + piece >= len(data)}
                self.picker._handle_custom_msg(told, [memoryview(data[at : at + piece])])


def test_an_upload_keeps_its_name_and_bytes_and_goes_with_the_wizard(open_wizard):
    wizard = open_wizard()
    Upload(wizard.picker).bring("Klasse 5 ü.csv", SHEET.encode())
    path = wizard.picker.path
    assert (path.name, path.read_text()) == ("Klasse 5 ü.csv", SHEET)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert len(wizard.log.events) == 1
    assert same(wizard.log, run(wizard.code))
    Upload(wizard.picker).bring("next.csv", SHEET.encode())
    assert not path.exists()


def test_a_copy_of_an_upload_is_kept_where_it_is_wanted_and_the_code_reads_it(open_wizard, tmp_path, monkeypatch):
    monkeypatch.setenv("REFLECTLAB_DATA", str(tmp_path / "data"))
    wizard = open_wizard()
    Upload(wizard.picker).bring("klasse.csv", SHEET.encode())
    wizard.in_code.keep.click()
    copy = tmp_path / "data" / "files" / "klasse.csv"
    assert (copy.read_text(), copy.stat().st_mode & 0o777) == (SHEET, 0o600)
    assert repr(str(copy)) in wizard.code
    Upload(wizard.picker).bring("klasse.csv", SHEET.replace("hook", "verbs").encode())
    wizard.in_code.keep.click()
    assert [path.name for path in sorted(copy.parent.iterdir())] == ["klasse (2).csv", "klasse.csv"]
    assert run(wizard.code).goals["goal_id"].tolist() == ["verbs"]


def test_uploaded_files_are_removed_with_the_picker():
    picker = FilePicker()
    Upload(picker).bring("log.csv", b"a,b\n")
    folder = picker.path.parent
    picker._remove()
    assert not folder.exists()


def test_an_upload_that_breaks_off_is_no_file(open_wizard):
    wizard = open_wizard()
    upload = Upload(wizard.picker)
    upload.bring("log.csv", SHEET.encode(), skip=10)
    assert "broke off" in upload.heard[-1]["said"]
    assert wizard.picker.chosen == 0
    upload.bring("empty.csv", b"")
    assert "empty.csv" in wizard.summary.text


def test_an_upload_that_finds_no_room_says_so(monkeypatch):
    def refuse(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("reflectlab.explore.wizard.file_picker.tempfile.mkdtemp", refuse)
    upload = Upload(FilePicker())
    upload.bring("log.csv", b"a,b\n", piece=10)
    assert upload.heard[-1]["said"] == "The upload cannot be kept: No space left on device."


@pytest.mark.parametrize(
    "name", ["../../x.csv", "/etc/passwd", "C:\\x\\y.csv", "..", "", "a\0b.csv", "x" * 300 + ".csv"]
)
def test_no_name_of_an_upload_leaves_its_folder(name):
    picker = FilePicker()
    Upload(picker).bring(name, b"a,b\n1,2\n")
    assert picker.path.parent.name.startswith("reflectlab-")
    assert picker.path.resolve().parent == picker.path.parent.resolve()
    picker._remove()


def test_nothing_of_an_upload_is_stored_in_the_notebook(open_wizard):
    picker = FilePicker()
    Upload(picker).bring("secret.csv", SHEET.encode())
    assert "secret" not in str(picker.get_state())
    picker._remove()


def test_a_path_may_be_pasted_with_quotation_marks(file, open_wizard):
    wizard = open_wizard()
    path = file(SHEET)
    wizard.picker._handle_custom_msg({"do": "choose", "path": f' "{path}" '}, [])
    assert wizard.picker.path == Path(path)
    wizard.picker._handle_custom_msg({"do": "choose", "path": " "}, [])
    assert wizard.picker.chosen == 1
