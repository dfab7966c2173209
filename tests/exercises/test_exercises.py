"""Every exercise of the course: its answer passes, its blank is ○, its mistakes are refused."""

import inspect
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from tests.exercises.attempts import CHANGES, broken, careless, meddling, print_of, unwritten
from tests.exercises.refused import REFUSED
from tests.exercises.variants import VARIANTS
from vidlearn import exercises
from vidlearn.course.exercise import Exercise, WrongAnswer


def every():
    for module in exercises.__all__:
        for name, exercise in vars(getattr(exercises, module)).items():
            if isinstance(exercise, Exercise):
                yield pytest.param(exercise, id=f"{module}.{name}")


EVERY = list(every())
MISTAKES = [pytest.param(case.values[0], mistake, id=f"{case.id}: {mistake}")
            for case in EVERY for mistake in case.values[0].mistakes]


@pytest.mark.parametrize("exercise", EVERY)
def test_its_answer_passes(exercise, capsys):
    exercise.check(exercise.answer)
    count = len(exercise.cases)
    assert capsys.readouterr().out == f"✓ {exercise.name}: right in all {count} cases\n"


@pytest.mark.parametrize("exercise", EVERY)
def test_its_blank_is_not_wrong(exercise, capsys):
    def blank(*arguments):
        raise NotImplementedError("your turn")
    exercise.check(blank)
    assert capsys.readouterr().out == f"○ {exercise.name}: not written yet\n"


@pytest.mark.parametrize("exercise, mistake", MISTAKES)
def test_its_mistakes_are_refused_by_name(exercise, mistake):
    with pytest.raises(WrongAnswer) as caught:
        exercise.check(exercise.mistakes[mistake])
    assert str(caught.value).endswith(f"a known mistake: {mistake}")


@pytest.mark.parametrize("exercise", EVERY)
def test_an_unwritten_attempt_is_a_blank(exercise, capsys):
    attempts = unwritten(exercise.answer)
    said = {what: check(exercise, attempt, capsys) for what, attempt in attempts.items()}
    blank = f"○ {exercise.name}: not written yet"
    assert {what: words for what, words in said.items()
            if not words.splitlines()[-1].startswith(blank)} == {}
    assert said["passes"] == f"{blank}: it returns None"


@pytest.mark.parametrize("exercise", EVERY)
def test_an_attempt_that_gives_no_result_is_told_why(exercise, capsys):
    impatient = replace(exercise, seconds=0.1)
    wrong = {}
    for what, (attempt, words) in broken(exercise.answer).items():
        said = check(impatient, attempt, capsys)
        if not said.startswith(f"✗ {exercise.name}") or words not in said:
            wrong[what] = said
    assert wrong == {}


@pytest.mark.parametrize("exercise", EVERY)
def test_another_result_never_passes(exercise, capsys):
    alone = replace(exercise, mistakes={})            # naming them takes most of the time
    results = [result for result in right_results(exercise) if result is not None]
    marks = {what: check(alone, attempt, capsys)
             for what, attempt in careless(exercise.answer).items()
             if any(differs(CHANGES[what], result) for result in results)}
    assert len(marks) > 15
    assert {what: said for what, said in marks.items() if not said.startswith("✗")} == {}


@pytest.mark.parametrize("exercise", EVERY)
def test_one_that_changes_its_input_is_told_which(exercise, capsys):
    named = list(inspect.signature(exercise.answer).parameters)
    said = {named[place]: check(exercise, attempt, capsys)
            for place, attempt in meddling(exercise.answer, exercise._arguments(0)).items()}
    assert {name: words for name, words in said.items()
            if f"it changed its input {name}: work on a copy" not in words} == {}


def test_most_exercises_have_an_input_to_change():
    assert sum(bool(meddling(case.values[0].answer, case.values[0]._arguments(0)))
               for case in EVERY) > 0.8 * len(EVERY)


def check(exercise, attempt, capsys):
    """What a check says: what it prints, or ✗ and the words of its WrongAnswer."""
    try:
        exercise.check(attempt)
    except WrongAnswer as wrong:
        capsys.readouterr()
        return f"✗ {wrong}"
    return capsys.readouterr().out.rstrip("\n")


def right_results(exercise):
    """The answer's result in each case; None where it is to raise."""
    for number in range(len(exercise.cases)):
        try:
            yield exercise.answer(*exercise._arguments(number))
        except Exception:
            yield None


def differs(change, result):
    """Does a change give something else? Where it cannot even be done, the attempt raises."""
    try:
        return print_of(change(deepcopy(result))) != print_of(result)
    except Exception:
        return True


@pytest.mark.parametrize("exercise", EVERY)
def test_it_helps(exercise, capsys):
    assert exercise.hints and exercise.mistakes, "an exercise has hints and known mistakes"
    exercise.show()
    assert capsys.readouterr().out.startswith(f"def {exercise.name}(")


def test_an_unknown_module_says_what_there_is():
    with pytest.raises(AttributeError, match="no exercises 'cooking'; there are"):
        exercises.cooking  # noqa: B018


@pytest.mark.parametrize("name, attempt", [
    pytest.param(name, attempt, id=f"{name}: {what}") for table in (REFUSED, VARIANTS)
    for name, attempts in table.items() for what, attempt in attempts.items()])
def test_what_readers_got_wrong_is_refused(name, attempt):
    module, exercise = name.split(".")
    with np.errstate(all="ignore"), pytest.raises(WrongAnswer):
        getattr(getattr(exercises, module), exercise).check(attempt)
