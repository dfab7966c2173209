"""Wrong arguments: each is refused by its name, in every public function outside the engine."""

import copy
import importlib
import inspect
import pkgutil
import re
import signal
from pathlib import Path

import numpy as np
import pytest
import torch

import vidlearn
from tests.checks import right_arguments
from vidlearn import scratch

ROOMS = {"video", "vision", "datasets", "models", "explain", "show", "compare", "training",
         "evaluation", "inference", "naive", "engine", "course"}
INSIDE = re.compile(r"""(?x)              # modules and names that the package alone calls
    video\.(avi|clock|demux|errors|extent|header|matroska|opencv_output|picture|shown|unopened)\.
    | video\.decoder\.Decoder
    | datasets\.street\.(animation|camera|car|furniture|layout|person|scene)\.
    | datasets\.label_check\. | datasets\.in_memory\.
    | compare\.(measure|example_calls|naive_loops|backends)\.
    | compare\.speed\.(Ra|Ro|table|prep|peak|count|thread) | show\.widgets\.descent\.
    | show\.pictures\.(grid|rgb|opened) | show\.player\.webm
    | show\.style\.(use|rendered|picture|put|captioned|encoded) | show\.live\.Live
    | show\.widgets\.tcn\.(field_of|taps) | show\.widgets\.gradients\.(forward_and_back|label_place)
    | show\.widgets\.(conv3d\.|motion\.frame_weights|rnn\.unrolled_rnn)
    | course\.(?!lesson\.(start|data|real))
    | training\.(checkpoint|history|interrupt|state)\. | training\.config\.Config\.differences
    | training\.loop\.(epoch|step) | inference\.classify\.sampled
    | .*\.batch$                          # what comes out of the library, too, and no one makes
    | video\.read\.Clip | video\.decoder\.Probe | datasets\.folder\.Item | datasets\.real\.Source
    | datasets\.street\.render\.Street | inference\.timeline\.Timeline$
    | inference\.weights\.Classifier$ | models\.count\.Layer$
    | datasets\.cache\.Cache\.frames""")
WRONG = {
    "None": None, "word": "a word", "list": ["a", "list"], "dict": {"a": 1}, "object": object(),
    "1j": 1j, "nan": float("nan"), "inf": float("inf"), "-1": -1, "huge": 10**30, "0": 0,
    "1.5": 1.5, "True": True, "function": len, "set": {1, 2}, "empty": np.zeros(0),
    "axes": np.zeros((1,) * 7), "words": np.array([["a"]]), "complex": np.ones((2, 3)) * 1j,
    "torch": torch.zeros((1,) * 7), "tensor": scratch.Tensor(np.zeros((1,) * 7)),
    "nofile": Path("no/such"),
}
BARE = (LookupError, ZeroDivisionError, AssertionError, RecursionError, MemoryError)
ELSEWHERE = {"compare.speed.race", "datasets.real.get"}       # one is slow, one asks the network

# What may pass besides what is right, by that: a number for a number, a word for a word.
NUMBERS = "nan inf -1 huge 0 1.5"
LIKE = {bool: "0 True", float: "0 1.5 huge", str: "word", list: "list", tuple: "list", dict: "dict"}
MAY = {                                  # and by name and argument
    r"\bseed$|numbers$": "huge", r"confusion_at threshold": "inf", r"words$": NUMBERS,
    r"(path|out|folder|root|clip|checkpoint)$": "word nofile", r"Folder augment": "function None",
    r"(starts|names|titles|numbers|groups|damaged)$": "empty list", r"source$": "function",
    r"distance|pool x|batch_norm x": "empty axes torch tensor", r"arrays$": " ".join(WRONG),
    r"Engine.tensor|flow.solve": f"{NUMBERS} True empty axes torch tensor",
    r"Engine.numpy": "torch tensor", r"Shapes masks": "None",
}


def public():
    """The names of what a reader may call: module, function or class, method."""
    for module in pkgutil.walk_packages(vidlearn.__path__, "vidlearn."):
        if module.name.split(".")[1] not in ROOMS:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if name[0] == "_" or getattr(thing, "__module__", "") != module.name:
                continue
            path = f"{module.name}.{name}".removeprefix("vidlearn.")
            if inspect.isfunction(thing):
                yield path
            elif inspect.isclass(thing) and not issubclass(thing, BaseException):
                yield path
                yield from (f"{path}.{method}" for method, function in vars(thing).items()
                            if method[0] != "_" and inspect.isfunction(function)
                            and len(inspect.signature(function).parameters) > 1)


NAMES = sorted(name for name in public() if not INSIDE.match(name))


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return right_arguments.right(tmp_path_factory.mktemp("right"))


@pytest.fixture(autouse=True)
def limit():
    """A count without end, where it is not refused, fails its own test and stops no other."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("a call goes on for ever"))
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def found(name):
    """The function or class of a name, and its parameters."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(["vidlearn", *parts[:n]]))
            break
        except ModuleNotFoundError:
            continue
    for part in parts[n:]:
        thing = getattr(thing, part)
    return thing, inspect.signature(thing).parameters


def call(function, parameters, given):
    """Call it; a training gets a network of its own, and what yields is let run."""
    given = given | ({"model": copy.deepcopy(given["model"])} if "train" in given else {})
    places = [name for name, p in parameters.items() if p.kind < p.KEYWORD_ONLY]
    if not any(name.startswith("*") for name in given):
        places = places[:1] * ("self" in given)
    placed = [given.pop(name if name in given else f"*{name}") for name in places
              if name in given or f"*{name}" in given]
    result = function(*placed, **given)
    return list(result) if inspect.isgenerator(result) else result


def may_pass(name, argument, right, wrong, default):
    """May a wrong value pass, or be refused for another reason, where `right` is right?"""
    named = [may for where, may in MAY.items() if re.search(where, f"{name} {argument}")]
    likes = " ".join([LIKE.get(type(right), ""), "function" * callable(right), *named]).split()
    if isinstance(right, (int, float)) and right <= 0:
        likes += ["0"] + ["-1"] * (right < 0)
    return wrong in likes or wrong == "None" and default in (None, "")


def names_it(words, argument, wrong):
    """Does a message name the argument, or quote the word or number that came for it?"""
    stem = argument.rstrip("s") if len(argument) > 3 else rf"{argument}\b"
    quoted = isinstance(wrong, (str, int, float, Path)) and re.search(
        rf"(?<![\w.-]){re.escape(str(wrong))}(?![\w.])", words)
    return re.search(rf"\b{stem}", words) or quoted


def faults(name, function, parameters, given):
    """The wrong values that pass, or whose refusal does not name the argument."""
    for key in given.keys() - {"self"}:
        argument = key.strip("*")
        default = parameters[argument].default
        for wrong, value in WRONG.items():
            if may_pass(name, argument, given[key], wrong, default):
                continue
            try:
                call(function, parameters, given | {key: value})
                yield f"{argument}={wrong} passes"
            except Exception as error:
                words = str(error)
                if isinstance(error, BARE) or not names_it(words, argument, value):
                    yield f"{argument}={wrong}: {type(error).__name__}: {words:.200}"


def test_every_public_name_has_a_right_call_with_all_its_arguments(right):
    lacking = {name: {argument for argument, p in found(name)[1].items() if argument != "self"
                      and p.kind != p.VAR_KEYWORD} - {key.strip("*") for key in right.get(name, ())}
               for name in {*NAMES, *right}}
    assert not right.keys() - {*NAMES} and {n: some for n, some in lacking.items() if some} == {}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_a_right_call_is_right(name, right):
    call(*found(name), right.get(name, {}))


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_argument_is_refused_by_its_name(name, right):
    assert list(faults(name, *found(name), right.get(name, {}))) == []


def lax(count):
    return [None] * (count if isinstance(count, int) else 1)


def bare(count):
    return (1, 2)[count]


def vague(count):
    raise ValueError("it will not do")


@pytest.mark.parametrize("function", [lax, bare, vague])
def test_a_careless_function_is_seen(function):
    assert len(list(faults("a name", function, inspect.signature(function).parameters,
                           {"count": 1}))) > 15
