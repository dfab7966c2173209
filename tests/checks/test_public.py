"""Every public function outside the engine looks at each of its arguments."""

import importlib
import inspect
import pkgutil
import re

import vidlearn
from vidlearn.checks.kinds import Kind

ROOMS = {"video", "vision", "datasets", "models", "explain", "show", "compare", "training",
         "evaluation", "inference", "naive", "engine", "detection"}
INSIDE = re.compile(r"""(?x)^(              # what the package alone calls, or makes for the reader
    compare\.(backends|example_calls|measure|naive_loops)\. | compare\.speed\.(?!race)
    | datasets\.(in_memory|label_check|layout|picklable|split_list|twins)\.
    | datasets\.street\.(?!render\.street)
    | datasets\.real\.Source\. | .*\.batch$ | inference\.classify\.(as_far_as|sampled)
    | inference\.(detector\.bundled|found\.Found\.)
    | inference\.detector\.Detector\.__init__ | inference\.timeline\.Timeline\.__init__
    | inference\.weights\.(Classifier|Header)\.__init__
    | models\.count\.Layer | show\.live\.Live\. | show\.pictures\.(grid|opened)
    | show\.player\.webm | show\.style\.(rendered|picture|put|captioned|encoded)
    | show\.structure\.(grids\. | blocks\.said | kernel_in_clip\.Stack\. | sheet\.(text_size|tint)
                       | window\.each_axis)
    | show\.widgets\.(conv3d\.loudness|descent\.(landscape|walk))
    | show\.widgets\.(gradients\.(forward|label)|tcn\.(field_of|taps))
    | training\.(checkpoint|history|state)\. | training\.config\.Config\.differences
    | training\.loop\.(epoch|step) | video\.(avi|clock|damage|decoder|demux|extent)\.
    | video\.(header|matroska|picture|shown|unopened)\.
    | video\.read\.Clip\.)""")


def public():
    """The functions, constructors and methods that a reader may call, by name."""
    for module in pkgutil.walk_packages(vidlearn.__path__, "vidlearn."):
        if module.name.split(".")[1] not in ROOMS:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            path = f"{module.name}.{name}".removeprefix("vidlearn.")
            if name[0] == "_" or getattr(thing, "__module__", "") != module.name:
                continue
            if inspect.isfunction(thing):
                yield path, thing
            elif inspect.isclass(thing) and not issubclass(thing, BaseException):
                yield from ((f"{path}.{method}", function)
                            for method, function in vars(thing).items()
                            if inspect.isfunction(function) and (
                                method == "__init__" or method[0] != "_"))


def unasked(function):
    """The parameters of a function that nothing is asked of."""
    return [name for name, p in inspect.signature(function).parameters.items()
            if name != "self" and not isinstance(p.annotation, Kind)
            and p.kind is not p.VAR_KEYWORD]


def test_every_public_function_asks_what_each_argument_is():
    faults = {path: unasked(function) for path, function in public()
              if not INSIDE.search(path) and unasked(function)}
    assert faults == {}
