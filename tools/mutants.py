"""Draw simple mutants of each exercise's answer, and list those that its check takes for right.

    python -m tools.mutants               every exercise
    python -m tools.mutants rnn cnn       those of these modules

A mutant has one slip in it: another comparison, a number one too large, a term, a line, a minus or
an option left out, a sum for a mean, + for *, another axis, the operands in another order, = for
+=, a loop or a slice that is too short or too long, or a result that is rounded, made positive or
whole. One that passes behaves like the answer (then EQUAL says why), or shows which case is
missing.
"""

import argparse
import ast
import copy
import inspect
import sys
import textwrap
import warnings
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO

from vidlearn import exercises
from vidlearn.course.exercise import Exercise, WrongAnswer

SECONDS = 1                          # that a mutant's call may take
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
            ast.NotEq: ast.Eq}
NAMED = {"mean": "sum", "sum": "mean", "max": "min", "min": "max", "maximum": "minimum",
         "minimum": "maximum", "argmax": "argmin", "zeros": "ones", "ones": "zeros"}
OPERATORS = ast.Add, ast.Sub, ast.Mult, ast.Div
SYMMETRIC = {"min", "max", "minimum", "maximum", "add", "swapaxes"}   # in their first two
SHORTER = "list({})[1:]", "list({})[:-1]"
RESULTS = {"abs": "np.abs({})", "round": "np.round({}, 2)", "int": "np.trunc({})"}
SIGN = "never negative"
WHOLE = "whole numbers, never negative"
PIXELS = "bytes"
EQUAL = {                            # exercise: {part of a changed line: why it is right as well}
    "boxes.AVERAGE_PRECISION": {"np.abs(": SIGN, "(0.0, -1.0)": "a precision is 0 or more"},
    "boxes.AXIS_WEIGHTS": {"np.abs(": SIGN, "np.clip(0, place": "the middle one of the three"},
    "boxes.IOU": {"np.abs(": SIGN, "area_a = (a[:, :2]": "two minus signs cancel",
                  "area_b = (b[:, :2]": "two minus signs cancel"},
    "boxes.MATCH": {"np.round(": "whole numbers", "np.trunc(": "whole numbers"},
    "boxes.NMS": {"np.abs(": WHOLE, "np.round(": WHOLE, "np.trunc(": WHOLE,
                  "[order])[-1]": "there is one row"},
    "boxes.WORST_OVERLAP": {"np.abs(": SIGN},
    "clips.CROP_AND_FLIP": {"np.abs(": PIXELS, "np.round(": PIXELS, "np.trunc(": PIXELS,
                            "<= 0.5": "a random number is never exactly 0.5"},
    "clips.PAD_AND_MASK": {"(mask)": "True and False", "clips[-1]": "all have the same channels"},
    "cnn.BATCH_NORM": {"np.abs(running_var)": SIGN},
    "cnn.COUNT": {"(total)": WHOLE, "(total, 2)": WHOLE, "options[-1]": "the only option"},
    "conv3d.WEIGHT_GRADIENT": {"np.ones(": "each number is replaced"},
    "conv3d.COST": {"np.abs(": WHOLE, "np.round(": WHOLE, "np.trunc(": WHOLE},
    "crnn.ENCODE_FRAMES": {"-2)": "any negative length is worked out"},
    "descent.ADAM_STEP": {"np.abs(s)": SIGN},
    "descent.CLIP_BY_NORM": {">= 0": "1 / 0 is infinite, and the scale 1", "else 2": "2 times 0",
                             "else 0": "0 times 0", "> -1": "1 / 0 is infinite"},
    "faster_rcnn.OFFSET_LOSS": {"np.abs(np.where": SIGN, "wanted - offsets": SIGN,
                                "<= BETA": "the two parts meet there"},
    "faster_rcnn.WORST_OVERLAP": {"np.abs(": SIGN},
    "frame_classifier.CLIP_ACCURACY": {"np.abs(": SIGN},
    "frame_classifier.BEST_BLIND": {"np.abs(": SIGN},
    "frame_classifier.KERAS_LOSS": {"np.abs(": SIGN},
    "frames.LOAD_FRAME": {"np.abs(": PIXELS, "np.round(": PIXELS, "np.trunc(": PIXELS},
    "frames.PREPROCESS_FRAME": {"np.abs(": SIGN},
    "frames.BY_SECONDS": {"np.abs(": WHOLE, "np.round(": WHOLE, "np.trunc(": WHOLE},
    "frames.FIND_CUT": {
        "int(np.argmax": WHOLE, "contrast = [": "the first frame is never the highest",
        "minlength=17": "one more empty bin", "// 17": "another width of the bins",
        ".mean()": "the same order", "after - before": "the distance is the same",
        "reshape(-2": "any negative length is worked out",
        "counts[:t]": "all frames before", "counts[t:])": "all frames after",
        "t + 3": "one frame more on a side", "t - 3": "one frame more on a side"},
    "grad_cam.GRAD_CAM": {"np.abs(": SIGN},
    "grad_cam.POINTING": {"np.abs(": "True and False", "np.trunc(": "True and False"},
    "lstm.LSTM_STEP": {"np.abs(": "a gate is never negative"},
    "lstm.GRU_STEP": {"np.abs(": "a gate is never negative"},
    "measuring.PRECISION_RECALL_F1": {
        "np.abs(": SIGN, "if found else": "0 / n is 0", "if found + false else": "0 found is 0",
        "if found + missed else": "0 found is 0"},
    "measuring.AVERAGE_PRECISION": {"np.abs(": SIGN},
    "motion.RUNNING_GAUSSIAN": {"np.abs(": SIGN, "np.trunc(foreground)": "True and False"},
    "motion.BEST_THRESHOLD": {"best = (": "replaced at the first threshold",
                              "range(25": "at 255 nothing is foreground, and F1 is 0"},
    "pedestrians.BOX_OF_WINDOW": {"np.abs(": SIGN},
    "pedestrians.CELL_HISTOGRAM": {"np.abs(": SIGN, "np.ones(": "each number is replaced"},
    "pedestrians.HINGE": {"np.abs(loss)": SIGN},
    "pedestrians.WINDOW_SCORES": {"np.ones(": "each number is replaced"},
    "pooling.AVG_POOL": {"((0, 1)": "the channel that is added is not read"},
    "rnn.CLIP_BY_NORM": {"np.abs(total)": SIGN},
    "start.SECONDS_OF": {"np.abs(": SIGN},
    "start.TO_NETWORK": {"np.abs(": SIGN},
    "tcn.CAUSAL_CONV1D": {"np.ones(": "each number is replaced"},
    "tcn.FIELD": {"zip(kernels, dilations):": "the lists are equally long",
                  "np.abs(": WHOLE, "np.round(": WHOLE, "np.trunc(": WHOLE},
    "tracking.KALMAN_STEP": {"np.abs(np.diag": "variances are never below 0"},
    "tracking.LINK": {"columns.tolist()) if": "both have one length"},
    "tracking.LOWEST_RATE": {"np.abs(": SIGN},
    "tracking.SWITCHES": {"np.abs(": WHOLE, "np.round(": WHOLE, "np.trunc(": WHOLE},
    "video_classifier.CLIP_PROBABILITY": {"np.abs(": SIGN},
    "video_classifier.ORDER_SCORE": {"np.abs(": SIGN},
}


def main():
    """Print a table, and exit with 1 if a mutant passes without a reason."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="such as rnn cnn; all if none is given")
    asked, total, found = parser.parse_args().modules, 0, 0
    print(f"{'exercise':36} mutants refused  passed")
    for name, exercise in every(asked):
        passed, count = survivors(exercise)
        left = [line for line in passed
                if not any(part in line for part in EQUAL.get(name, ()))]
        total, found = total + count, found + len(left)
        print(f"{name:36} {count:7} {count - len(passed):7} {len(passed):7}", flush=True)
        for line in left:
            print(f"    {line}")
    print(f"{total} mutants, {found} passed without a reason")
    sys.exit(1 if found else 0)


def every(modules=()):
    """(module.NAME, exercise) for the exercises of these modules, or of all."""
    for module in modules or exercises.__all__:
        for name, exercise in vars(getattr(exercises, module)).items():
            if isinstance(exercise, Exercise):
                yield f"{module}.{name}", exercise


def survivors(exercise):
    """The changed lines of the mutants that pass, and how many mutants there are."""
    alone = replace(exercise, mistakes={}, seconds=SECONDS)
    drawn = dict(mutants(exercise.answer))
    return [line for line, mutant in drawn.items() if passes(alone, mutant)], len(drawn)


def passes(exercise, attempt):
    """Whether the check says ✓."""
    said = StringIO()
    try:
        with redirect_stdout(said), warnings.catch_warnings(action="ignore"):
            exercise.check(attempt)
    except WrongAnswer:
        return False
    return said.getvalue().startswith("✓")


def mutants(function):
    """(changed line, function) for each mutant of a function; each line comes once."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    before = ast.unparse(tree).split("\n")
    for number, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            mutant = copy.deepcopy(tree)
            change([*ast.walk(mutant)][number])
            source = ast.unparse(ast.fix_missing_locations(mutant))
            after = source.split("\n")
            line = next((b.strip() if b.strip() != "pass" else f"without {a.strip()}"
                         for a, b in zip(before, after, strict=False) if a != b), None)
            if line is not None:
                names = dict(function.__globals__)
                exec(compile(source, f"<mutant of {function.__name__}>", "exec"), names)
                yield line, names[function.__name__]


def changes(node):
    """Functions that change a node of this kind in place."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        yield lambda n: n.ops.__setitem__(0, COMPARED[type(n.ops[0])]())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value - 1)
    if isinstance(node, ast.BinOp):
        yield from binary(node)
    if isinstance(node, ast.Attribute) and node.attr in NAMED:
        yield lambda n: setattr(n, "attr", NAMED[n.attr])
    if isinstance(node, ast.UnaryOp):
        yield lambda n: _become(n, n.operand)
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.Call):
        yield from call(node)
    if isinstance(node, (ast.For, ast.comprehension)):
        for words in SHORTER:
            yield lambda n, words=words: setattr(n, "iter", _wrapped(n.iter, words))
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield lambda n, part=part: setattr(n, part, None)
    if isinstance(node, (ast.For, ast.If, ast.FunctionDef)):
        for i, line in enumerate(node.body):
            if not isinstance(line, ast.Return):
                yield lambda n, i=i: n.body.__setitem__(i, ast.Pass())
    if isinstance(node, ast.AugAssign):
        yield lambda n: _become(n, ast.Assign([n.target], n.value))
    if isinstance(node, ast.Return) and node.value is not None:
        parts = len(node.value.elts) if isinstance(node.value, ast.Tuple) else 1
        for words in RESULTS.values():
            for i in range(parts):
                yield lambda n, words=words, i=i: _wrap(n, i, words)


def binary(node):
    """Changes of a + b and the like: one operand alone, or both in another order."""
    if isinstance(node.op, OPERATORS):
        for other in OPERATORS:
            if not isinstance(node.op, other):
                yield lambda n, other=other: setattr(n, "op", other())
        yield lambda n: _become(n, n.left)
        yield lambda n: _become(n, n.right)
    if isinstance(node.op, (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult, ast.Mod)):
        yield lambda n: n.__dict__.update(left=n.right, right=n.left)


def call(node):
    """Changes of f(a, b, option=c): the first two swapped, or an option left out."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if len(node.args) > 1 and name not in SYMMETRIC:
        yield lambda n: n.args.__setitem__(slice(2), n.args[1::-1])
    for i in range(len(node.keywords)):
        yield lambda n, i=i: n.keywords.pop(i)


def _wrap(node, i, words):
    """Put the result, or part `i` of a tuple, into a call."""
    if isinstance(node.value, ast.Tuple):
        node.value.elts[i] = _wrapped(node.value.elts[i], words)
    else:
        node.value = _wrapped(node.value, words)


def _wrapped(node, words):
    return ast.parse(words.format(ast.unparse(node)), mode="eval").body


def _become(node, other):
    """Turn a node into another one, in place."""
    other = copy.copy(other)
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


if __name__ == "__main__":
    main()
