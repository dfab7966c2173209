"""The cases of every exercise hold what a wrong answer may take for granted, or a reason why not.

A program can see: a zero, a negative number, arrays that are not square, odd sizes, a batch or an
axis of one, and scores beyond what exp can hold. Equality at an edge and what comes last in a list
are seen by the mutants of `tools.mutants`: another comparison, or a range that is one too short.
"""

import inspect

import numpy as np
import pytest

from tools import mutants

ARE_BYTES = "pixels are bytes"
NO_ARRAYS = "it takes no arrays"
ARE_COUNTS = "counts and labels start at 0"
VECTORS = "its arrays have one axis, or any number of axes"
WITHOUT = {                          # exercise: {what no case holds: why}
    "boxes.AVERAGE_PRECISION": {"a negative number": "right or wrong, 1 or 0"},
    "boxes.MATCH": {"a negative number": "an overlap is 0 or more"},
    "boxes.WORST_OVERLAP": {"a negative number": "lengths"},
    "clips.CROP_AND_FLIP": {"a negative number": ARE_BYTES},
    "cnn.BATCH_NORM_BACKWARD": {"a zero": "x is 2x + 1, and no number of it is special"},
    "cnn.COUNT": {"a negative number": ARE_COUNTS},
    "cnn.DROPOUT": {"an axis of one": VECTORS},
    "conv3d.COST": {"a zero": "no layer has 0 channels", "a negative number": ARE_COUNTS},
    "descent.ADAM_STEP": {"an axis of one": VECTORS},
    "descent.MOMENTUM_STEP": {"an axis of one": VECTORS},
    "faster_rcnn.WORST_OVERLAP": {"a zero": NO_ARRAYS, "a negative number": NO_ARRAYS},
    "frame_classifier.BEST_BLIND": {"a negative number": ARE_COUNTS},
    "frame_classifier.CLIP_ACCURACY": {"a negative number": ARE_COUNTS},
    "frame_classifier.CLIP_SCORES": {"an axis of one": "one class is no choice"},
    "frames.BY_SECONDS": {"a negative number": "a film starts at 0 or later"},
    "frames.FIND_CUT": {"a negative number": ARE_BYTES, "an axis of one": "two shots have frames"},
    "frames.PREPROCESS_FRAME": {"a negative number": ARE_BYTES,
                                "an axis of one": "a picture of one row has no square"},
    "grad_cam.OCCLUSION": {"a negative number": "pixels are 0..1; the score has both signs"},
    "grad_cam.POINTING": {"an axis of one": "the box is no array"},
    "gradients.WALK_BACK": {"a zero": "a local slope of 0 passes nothing on"},
    "lstm.GRU_STEP": {"large numbers": "tanh and the sigmoid of it do not overflow"},
    "lstm.LSTM_STEP": {"large numbers": "tanh and the sigmoid of it do not overflow"},
    "measuring.GROUP_FOLDS": {"a negative number": ARE_COUNTS},
    "measuring.PRECISION_RECALL_F1": {"a negative number": ARE_COUNTS},
    "motion.BEST_THRESHOLD": {"a negative number": ARE_BYTES},
    "motion.RUNNING_GAUSSIAN": {"a zero": "a variance of 0 has no spread to compare with",
                                "a negative number": "grey levels; differences have both signs"},
    "motion.ZONE_ALARM": {"a negative number": "masks", "an axis of one": "a zone has an area"},
    "pedestrians.BOX_OF_WINDOW": {"a negative number": "places and a scale"},
    "pedestrians.CELL_HISTOGRAM": {"a negative number": "magnitudes, and angles from 0 to 180"},
    "pooling.MAX_POOL": {"a zero": "all numbers are below 0, so that a start at 0 shows"},
    "start.SECONDS_OF": {"a negative number": "frames count from 0"},
    "start.TO_NETWORK": {"a negative number": ARE_BYTES},
    "tcn.FIELD": {"a zero": NO_ARRAYS, "a negative number": ARE_COUNTS},
    "tcn.SCHEDULE": {"a zero": NO_ARRAYS, "a negative number": ARE_COUNTS},
    "tracking.LOWEST_RATE": {"a negative number": NO_ARRAYS},
    "tracking.SWITCHES": {"a negative number": NO_ARRAYS, "a zero": NO_ARRAYS},
    "video_classifier.DIAGNOSIS": {"a zero": NO_ARRAYS, "a negative number": NO_ARRAYS},
    "video_classifier.ORDER_SCORE": {"a negative number": ARE_COUNTS},
    "clips.NEW_LABEL": {"a zero": NO_ARRAYS, "a negative number": NO_ARRAYS},
}
EVERY = dict(mutants.every())


def numbers(value):
    """The arrays and numbers in an argument, each as an array."""
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if isinstance(value, (int, float)) or isinstance(value, np.ndarray) and (
            value.dtype.kind in "biuf"):
        yield np.asarray(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)


def asked(exercise, drawn):
    """What the cases should hold."""
    yield from ("a zero", "a negative number")
    if any(x.ndim > 1 for x in drawn):
        yield from ("unlike sizes", "an odd size", "an axis of one")
    if "exp(" in inspect.getsource(exercise.answer):
        yield "large numbers"


def held(x):
    """What one array holds."""
    sizes = [size for size in x.shape if size > 1]
    return {"a zero": (x == 0).any(), "a negative number": (x < 0).any(),
            "unlike sizes": len({*x.shape[-2:]}) > 1, "an odd size": any(n % 2 for n in sizes),
            "an axis of one": 1 in x.shape, "large numbers": (np.abs(x.astype(float)) > 709).any()}


@pytest.mark.parametrize("name", EVERY)
def test_the_cases_take_nothing_for_granted(name):
    exercise = EVERY[name]
    drawn = [x for n in range(len(exercise.cases)) for argument in exercise._arguments(n)
             for x in numbers(argument)]
    lacking = {what for what in asked(exercise, drawn) if not any(held(x)[what] for x in drawn)}
    assert lacking == {*WITHOUT.get(name, ())}


@pytest.mark.parametrize("name", EVERY)
def test_no_mutant_of_the_answer_passes(name):
    passed, count = mutants.survivors(EVERY[name])
    left = [line for line in passed
            if not any(part in line for part in mutants.EQUAL.get(name, ()))]
    assert left == [] and count > 3


def test_the_cut_is_found_where_the_second_shot_begins():
    cuts = EVERY["frames.FIND_CUT"]
    begins = [inspect.getclosurevars(film).nonlocals["first"] for film in cuts.cases]
    found = [cuts.answer(*cuts._arguments(number)) for number in range(len(cuts.cases))]
    assert found == begins
