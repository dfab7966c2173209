"""Every exercise of the course: its answer passes, its blank is ○, its mistakes are refused."""

import pytest

from vidlearn import exercises
from vidlearn.exercise import Exercise, WrongAnswer


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
def test_careless_attempts_never_pass(exercise):
    def other_arity():
        return 0

    def raises(*arguments):
        raise KeyError("careless")

    def in_a_box(*arguments):
        return [exercise.answer(*arguments)]
    for attempt in ("text", other_arity, raises, in_a_box, lambda *arguments: float("nan")):
        with pytest.raises(WrongAnswer):
            exercise.check(attempt)


@pytest.mark.parametrize("exercise", EVERY)
def test_it_helps(exercise, capsys):
    assert exercise.hints and exercise.mistakes, "an exercise has hints and known mistakes"
    exercise.show()
    assert capsys.readouterr().out.startswith(f"def {exercise.name}(")


def test_an_unknown_module_says_what_there_is():
    with pytest.raises(AttributeError, match="no exercises 'cooking'; there are"):
        exercises.cooking  # noqa: B018
