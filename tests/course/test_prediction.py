"""A guess before the cell runs: the form, what is kept, and what the next cell prints."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.course import lesson, prediction, replay
from vidlearn.course.measured import Missed
from vidlearn.course.prediction import number

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """The forms that reached the page; and no guess is left from another test."""
    forms = []
    monkeypatch.setattr(prediction, "GUESSES", {})
    monkeypatch.setattr(prediction, "display", forms.append)
    return forms


def chosen(place):
    """A choice of 1, 2, 4 or 8 by a press of the button at this place."""
    guess = lesson.predict("How many?", 1, 2, 4, 8)
    guess.form.control.index = place
    return guess


def typed(text, **options):
    guess = lesson.predict("What accuracy?", **options)
    guess.form.control.value = text
    return guess


@pytest.mark.parametrize("guess, result, line", [
    (lambda: lesson.predict("How many?", 1, 2), 2, "it is 2"),
    (lambda: chosen(3), 4, "you said 8; it is 4"),
    (lambda: chosen(2), np.int64(4), "✓ you said 4; it is 4"),
    (lambda: chosen(0), 3, "you said 1; it is 3"),
    (lambda: lesson.predict("Where?", "left", "right", guess="left"), "right",
     "you said left; it is right"),
    (lambda: lesson.predict("What accuracy?"), 0.4127, "it is 0.413"),
    (lambda: typed("0.5"), 0.4127, "you said 0.5; it is 0.413"),
    (lambda: typed("0.5"), 0.5, "you said 0.5; it is 0.5"),             # a number near or far:
    (lambda: typed("50 %", unit="%"), 41, "you said 50 %; it is 41 %"),           # no judgement
    (lambda: lesson.predict("What accuracy?", guess=0.25), 0.5, "you said 0.25; it is 0.5"),
    (lambda: typed("about half"), 0.5, "it is 0.5"),
])
def test_the_guess_stands_beside_the_result(guess, result, line, capsys):
    guess().beside(result)
    assert capsys.readouterr().out == f"{line}\n"


def test_a_result_with_bounds_has_its_verdict(capsys):
    typed("0.5").beside(0.943, at_least=0.9)
    lesson.predict("What?", unit="s").beside(0.943, near=1, within=0.5)
    assert capsys.readouterr().out == ("you said 0.5; it is ≈0.943 (at least 0.90 ✓)\n"
                                       "it is ≈0.943 s (1 ± 0.50 s ✓)\n")
    with pytest.raises(Missed, match=r"you said 0.5; it is ≈0.1 \(at least 0.90\)"):
        typed("0.5").beside(0.1, at_least=0.9)


def test_the_form_is_blank_at_first_and_notes_what_is_said():
    for form, value in ((lesson.predict("How many?", 1, 2).form, None),
                        (lesson.predict("What accuracy?").form, "")):
        assert form.control.value == value and form.line.value == ""
    assert chosen(1).form.line.value == "noted: 2"
    assert typed("0,5", unit="s").form.line.value == "noted: 0.5 s"
    assert typed("half").form.line.value == "'half' is not a number"


def test_a_field_that_is_emptied_or_garbled_is_no_guess(capsys):
    guess = typed("0.5")
    for text in ("", "0.5?", " "):
        guess.form.control.value = text
        assert guess.value is None
    assert guess.form.line.value == ""


def test_the_form_can_be_used_and_heard_without_a_mouse():
    for form in (chosen(0).form, typed("1").form):
        assert form.control.description == "Your guess" and form.control.tabbable is not False
        assert form.children[0].value == f"<b>{form.control.tooltip}</b>"
    assert set(chosen(0).form.control.tooltips) == {"How many?"}
    assert lesson.predict("Is a < b?", "yes", "no").form.children[0].value == "<b>Is a &lt; b?</b>"


def test_a_cell_that_runs_again_forgets_no_guess(capsys):
    chosen(1)
    typed("0.5")
    again, other = lesson.predict("How many?", 1, 2, 4, 8), lesson.predict("How long?")
    assert again.value == again.form.control.value == 2 and other.value is None
    assert lesson.predict("What accuracy?").form.control.value == "0.5"
    assert again.form.line.value == "noted: 2"
    again.form.control.value = 8
    assert lesson.predict("How many?", 1, 2, 4, 8).value == 8
    assert lesson.predict("How many?", "few", "many").value is None     # another question by now


def test_a_guess_in_the_code_goes_before_and_is_gone_when_it_is_deleted():
    chosen(1)
    assert lesson.predict("How many?", 1, 2, 4, 8, guess=8).form.control.value == 8
    assert lesson.predict("How many?", 1, 2, 4, 8).value == 2


@pytest.mark.parametrize("question, words", [
    (lambda: lesson.predict("How many?", 1), "two choices or more"),
    (lambda: lesson.predict("How many?", 1, 2, 1), "each one once"),
    (lambda: lesson.predict("How many?", 1, 2, guess=3), "guess must be 1, 2, not 3"),
    (lambda: lesson.predict("How many?", guess="few"), "guess must be a number, not 'few'"),
    (lambda: lesson.predict(1, 2), "question must be a word, not 1"),
    (lambda: lesson.predict("How many?", 1, 2).beside([2]), "value must be a word or a number"),
])
def test_what_cannot_be_asked_is_refused(question, words):
    with pytest.raises(ArgumentError, match=words):
        question()


def test_a_page_without_a_kernel_shows_the_form_as_on_paper(shown):
    lesson.predict("How many?", 1, 2)
    lesson.predict("What accuracy?", unit="%", guess=50)
    bundles = [form._repr_mimebundle_() for form in shown]
    assert [bundle["text/plain"] for bundle in bundles] == [
        "How many?  ○ 1  ○ 2", "What accuracy?  ____  %"]
    assert all(VIEW in bundle for bundle in bundles)


def test_it_says_what_was_guessed():
    assert repr(lesson.predict("How many?", 1, 2)) == "<guess: none yet>"
    assert repr(typed("50", unit="%")) == "<guess: 50 %>"


@pytest.mark.parametrize("text, value", [
    ("0.5", 0.5), ("0,5", 0.5), ("-3", -3), ("\u22123", -3), ("~ 4", 4), ("≈4", 4), ("1e-3", 0.001),
    ("1,000", 1000), ("12,345,678", 12_345_678), ("0,500", 0.5), ("50 %", 50), ("", None)])
def test_a_number_may_be_written_as_people_write_it(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["half", "1 2", "nan", "inf", "1,2,3", "0.5 s"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match=f"'{text}' is not a number"):
        number(text)
    assert number("0.5 s", "s") == 0.5


CELLS = ("from vidlearn.course import lesson\nguess = lesson.predict('How many?', 1, 2, 4)",
         "guess.beside(4)", "guess.beside(3.9, at_least=3)")


def test_a_recorded_notebook_holds_no_guess_no_answer_and_no_widget(recorded):
    path, cells = recorded(*CELLS)
    assert cells[0].outputs == [{"output_type": "display_data", "metadata": {},
                                 "data": {"text/plain": "How many?  ○ 1  ○ 2  ○ 4"}}]
    assert [cell.outputs[0].text for cell in cells[1:]] == [
        "it is 4\n", "it is ≈3.9 (at least 3 ✓)\n"]
    assert replay.judge(path).differ == {}


def test_a_guess_is_not_compared_and_the_result_beside_it_is(recorded):
    path, _ = recorded(*CELLS)
    text = path.read_text()
    path.write_text(text.replace("1, 2, 4)", "1, 2, 4, guess=2)"))
    assert replay.judge(path).differ == {}
    path.write_text(text.replace("guess.beside(4)", "guess.beside(5)"))
    assert list(replay.judge(path).differ) == [2]
