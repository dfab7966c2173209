"""How the browser check judges what it sees, tested without a browser.

`python -m tools.browser.drive --planted` tests in a browser that it sees the page correctly.
"""

import nbformat
import pytest

from tools.browser import controls, guessing, outputs, planted

GOOD = {"natural": 200, "shown": 200, "room": 800, "skew": 1, "drawn": 0.5}
PLAYED = {"frames": True, "time": 0.5, "change": 200}
SHOWN = {"cell": "code cell 1", "code": True, "words": 5, "drawn": 1, "films": 0, "cut": [],
         "raw": [], "pictures": [GOOD], "scrolled": 0}
ANSWER = {"said": "8 frames", "cut": [], "pictures": [GOOD]}


def control(kind, value=0, count=0, low=None, high=None):
    return {"kind": kind, "value": value, "count": count, "low": low, "high": high}


@pytest.mark.parametrize("kind", controls.CHOICES)
def test_every_choice_is_taken_and_the_first_comes_back(kind):
    assert controls.keys(control(kind, value=1, count=3)) == ["choice 0", "choice 2", "choice 1"]


def test_a_list_without_a_choice_ends_at_its_first():
    found = control("select", value=-1, count=2)
    assert controls.keys(found) == ["choice 0", "choice 1", "choice 0"]


@pytest.mark.parametrize("value, low, high, typed", [
    ("3", 0, 9, "4"), ("0.25", -1, 2, "0.50"), ("0.50", -1, 2, "-1.00"), ("-4", -5, -2, "-5"),
])
def test_another_value_is_typed_over_a_value_and_then_the_value(value, low, high, typed):
    found = control("readout", value, low=low, high=high)
    assert controls.keys(found) == [f"typed {typed}", f"typed {value}"]


def test_a_slider_goes_to_both_ends():
    assert {"ArrowRight", "ArrowLeft", "End", "Home"} == set(controls.keys(control("slider")))


def test_a_control_that_nobody_has_met_has_no_keys():
    assert controls.keys(control("unknown")) is None


@pytest.mark.parametrize("times, moved, words", [
    ([], 0, "no key moves it"),
    ([], 2, "neither picture nor words change"),
    ([10, 151, 152], 3, "151 ms to a new picture"),
])
def test_a_control_that_is_deaf_or_slow_is_told(times, moved, words):
    [fault] = controls.verdict("slider 'a'", times, moved)
    assert fault.startswith("slider 'a': ") and words in fault


def test_one_slow_answer_of_three_is_forgiven():
    assert controls.verdict("slider 'a'", [10, 150, 900], 3) == []


def test_a_widget_as_it_should_be_is_not_accused():
    assert controls.looks(ANSWER) == []


@pytest.mark.parametrize("change, words", [
    ({"said": "9 frames\nShapeError: x (1, 2)"}, "it says ShapeError: x (1, 2)"),
    ({"cut": ["a long name"]}, "'a long name' is cut off"),
    ({"pictures": [GOOD | {"drawn": 0}]}, "a picture is of one colour"),
])
def test_a_widget_that_fails_is_cut_off_or_blank_is_told(change, words):
    assert controls.looks(ANSWER | change) == [words]


def test_a_good_picture_is_not_accused():
    assert outputs.picture_faults(GOOD) == []


@pytest.mark.parametrize("change, words", [
    ({"natural": 0}, "did not load"),
    ({"drawn": 0}, "is of one colour"),
    ({"drawn": 0.02}, "is blank"),
    ({"shown": 400}, "is stretched: 200 pixels to 400"),
    ({"skew": 1.1}, "is stretched"),
    ({"natural": 900, "shown": 900}, "is 900 pixels wide in 800"),
])
def test_a_bad_picture_is_told(change, words):
    [fault] = outputs.picture_faults(GOOD | change)
    assert words in fault


def test_a_film_that_plays_is_not_accused():
    assert outputs.film_faults(PLAYED) == []


@pytest.mark.parametrize("change, words", [
    ({"frames": False}, "no frames"),
    ({"time": 0}, "stands still"),
    ({"change": 2}, "all the same"),
])
def test_a_film_that_does_not_play_is_told(change, words):
    [fault] = outputs.film_faults(PLAYED | change)
    assert words in fault


def stored(*bundles):
    return [{"tags": [], "count": 1, "outputs": [
        {"output_type": "display_data", "data": data} for data in bundles]}]


def test_a_cell_that_shows_what_is_stored_is_not_accused():
    assert outputs.blanks(stored({"image/png": "A"}), [SHOWN]) == []


@pytest.mark.parametrize("bundles, change, words", [
    ([{"text/plain": "a"}], {"words": 0, "drawn": 0}, "code cell 1 is blank"),
    ([{"image/png": "A"}, {"image/jpeg": "A"}], {}, "shows 1 pictures and 0 films of 2 and 0"),
    ([{"text/html": "<video src>"}], {}, "shows 1 pictures and 0 films of 0 and 1"),
])
def test_a_cell_that_shows_less_than_is_stored_is_told(bundles, change, words):
    [fault] = outputs.blanks(stored(*bundles), [SHOWN | change])
    assert words in fault


@pytest.mark.parametrize("change, words", [
    ({"cut": ["a long line"]}, "code cell 1: 'a long line' is cut off"),
    ({"raw": ["## By hand"]}, "code cell 1: '## By hand' is not what was meant"),
    ({"pictures": [GOOD | {"drawn": 0}]}, "code cell 1: a picture is of one colour"),
    ({"scrolled": 1}, "code cell 1: its output is so long that it scrolls"),
])
def test_a_cell_that_looks_wrong_is_told(change, words):
    assert outputs.looks([SHOWN]) == []
    assert outputs.looks([SHOWN | change]) == [words]


def failed(*tags):
    error = {"output_type": "error", "ename": "ShapeError", "evalue": "x"}
    return {"tags": list(tags), "count": 1, "outputs": [error]}


def test_a_cell_may_fail_where_its_tag_says_so():
    assert outputs.errors([failed("raises-exception")]) == []
    assert outputs.errors([failed()]) == ["code cell 1: ShapeError: x"]


def test_a_cell_that_was_never_run_or_writes_to_stderr_is_told():
    warned = {"output_type": "stream", "name": "stderr", "text": "careful"}
    assert outputs.errors([{"tags": [], "count": None, "outputs": [warned]}]) == [
        "code cell 1 was never run", "code cell 1 writes to stderr: careful"]


def test_what_a_page_says_on_the_console_is_not_noise():
    assert not outputs.noise("TypeError: x is undefined", "http://127.0.0.1:8888/lab")


def test_the_planted_notebook_is_one_and_shows_each_fault(tmp_path):
    cells = [c for c in nbformat.read(planted.notebook(tmp_path), 4).cells if c.cell_type == "code"]
    assert [c.source for c in cells[-len(planted.FAULTS):]] == [s for s, _ in planted.FAULTS]
    for cell in cells:
        compile(cell.source, "cell", "exec")


def test_a_fault_that_is_not_noticed_and_one_that_is_none_are_told():
    cell = len(planted.SOUND) + 2
    noticed = f"planted.ipynb: code cell {cell}, dropdown 'kind': it moves, and neither picture " \
              "nor words change"
    unjust = noticed.replace(f"cell {cell}", "cell 3")
    missed = planted.unlike([noticed, unjust])
    assert missed[-1] == f"accused for nothing: {unjust}"
    assert len(missed) == len(list(planted.expected()))
    assert not any("'kind'" in m for m in missed[:-1])


class Notebook:
    """Stands in for a page: a cell that asks, and one that sets the guess beside a result."""

    keyboard = property(lambda self: self)
    press = type = wait_for_timeout = lambda self, *_: None

    def __init__(self, reached=True, noted=(True, True), said="you said 2; it is 4"):
        self.reached, self.noted, self.said, self.runs = reached, list(noted), said, 0

    def evaluate(self, script, _=None):
        if script == guessing.NOTED:
            return self.noted.pop(0)
        sources = ["x = 1", "many = lesson.predict('How many?', 1, 2)", "many.beside(x)"]
        known = {guessing.SOURCES: sources, guessing.IS_IN: self.reached, guessing.SAID: self.said}
        return known.get(script, 2 if "slice" in script else False)

    def run(self):
        self.runs += 1


def test_a_guess_that_is_taken_kept_and_shown_is_not_accused():
    page = Notebook()
    assert guessing.guess(page, page.run) == ([], 1) and page.runs == 1


@pytest.mark.parametrize("change, words", [
    (dict(reached=False), "Tab does not reach it"),
    (dict(noted=[False]), "it says nothing of a guess"),
    (dict(noted=[True, False]), "it is forgotten when the cell runs again"),
    (dict(said="it is 4"), "it stands beside no result")])
def test_a_guess_that_is_lost_is_told(change, words):
    page = Notebook(**change)
    assert guessing.guess(page, page.run) == ([f"code cell 2, guess 'many': {words}"], 1)


def test_a_notebook_that_does_not_ask_is_not_run_again():
    page = Notebook()
    page.evaluate = lambda script, _=None: ["x = lesson.real('a')"]
    assert guessing.guess(page, page.run) == ([], 0) and page.runs == 0
