"""Each argument of each public name, given what is wrong: refused by name, or rightly taken."""

import copy
import inspect
import re

import numpy as np
import pytest
import torch

from tests.scratch.right_calls import LAYERS, RIGHT
from vidlearn import scratch
from vidlearn.checks import is_refusal
from vidlearn.scratch import nn

NONSENSE = {"a word": "two", "words": ["two"], "a dict": {"two": 2}, "an object": object(),
            "complex": 1j, "a function": len, "a set": {1}, "words in an array": np.array(["two"]),
            "bytes": b"12", "torch's": torch.ones(2, 3)}
WRONG = {**NONSENSE, "None": None, "NaN": float("nan"), "negative": -7, "large": 40,
         "a fraction": 2.5, "six axes": scratch.ones(3, 1, 2, 1, 2, 4),
         "one axis": scratch.ones(7), "no numbers": scratch.ones(2, 0)}
NAMED = {"input": {"x", "Tensor", "axis"}, "x": {"input", "Tensor", "shape"}, "data": {"Tensor"},
         "args": {"to"}, "target": {"dtype"}, "kernel_size": {"kernel"}, "params": {"parameter"},
         "module": {"Module"}, "i": {"index"},
         "torch_only": {"option"}, "modules": {"Module"}}    # what an argument is called, too
OURS = (IndexError, KeyError, MemoryError, AttributeError)         # beside classes of the package

A_TENSOR = """a array b bias data gradient input max min operands other pos_weight source value
    weight x x1 x2"""                                    # a number is one without axes
A_NUMBER = """alpha atol base_momentum beta clip_value correction dampening delta div_factor end
    eps eta_min factor fill_value final_div_factor gain gamma init lr margin max_lr max_momentum
    max_norm mean min_lr min_size momentum negative_slope norm_type p param rtol scale_factor
    spatial_scale start std step threshold val weight_decay"""
A_COUNT = """chunks cooldown decimals diagonal dilation directions divisor_override
    downscale_factor embedding_dim epochs hidden_size high ignore_index in_channels in_features
    input_size kernel_size m n normalized_shape num_classes num_embeddings num_features num_layers
    num_parameters out_channels out_features output_padding output_size padding patience
    sampling_ratio seed size split_size_or_sections step_size steps steps_per_epoch stride T_max
    tensor threads total_steps unflattened_size upscale_factor"""
MEANS_SOMETHING = {                                   # kind: names that it is right for
    "a word": "prefix name",
    "a dict": "Optimizer.defaults",
    "a function": "backward forward hook gradcheck.function no_grad.function apply.fn",
    "None": """normalize.dim correction randperm.dtype randint.dtype index i
        add_module.module modules momentum prefix output_size norm.p register_parameter.param seed
        to.target to.args register_buffer.tensor""",
    "NaN": A_TENSOR + " alpha correction fill_value val",
    "negative": f"""{A_TENSOR} alpha base_momentum beta correction dampening decimals diagonal
        nn.Softmax.dim nn.LogSoftmax.dim nn.Unflatten.dim nn.CosineSimilarity.dim divisor_override
        end end_dim eps eta_min fill_value gain gamma ignore_index init low margin mean momentum
        negative_slope p sampling_ratio nn.ZeroPad.padding nn.ConstantPad.padding
        nn.ReflectionPad.padding nn.ReplicationPad.padding param start
        start_dim step threshold val""",
    "large": f"{A_TENSOR} {A_NUMBER} {A_COUNT} nn.Softmax.dim nn.LogSoftmax.dim nn.Unflatten.dim "
             "nn.CosineSimilarity.dim nn.Flatten.start_dim nn.Flatten.end_dim",
    "a fraction": f"{A_TENSOR} {A_NUMBER}",
    "torch's": "array data operands",
    **dict.fromkeys(("six axes", "one axis", "no numbers"), "array data input operands parameters "
                    "pos_weight to.target tensor vec2 weight x"),
}
MEANS_SOMETHING["no numbers"] += " index indices i milestones"
MEANS_SOMETHING["one axis"] += " milestones"
READERS_OWN = {"gradcheck.function", "gradcheck.eps", "apply.fn"}    # errors there are about these
ANYTHING = ["nn.Identity.args", "scratch.Tensor.parents", "scratch.Tensor.backward_fn"]


def names():
    """package.name of all that has a right call."""
    return [f"{package}.{name}" for package, (_, calls) in RIGHT.items()
            for name, right in calls.items() if right]


def right_calls(name):
    """(function, its right arguments) for each right call."""
    package, _, name = name.partition(".")
    owner, calls = RIGHT[package]
    function = _layer(name) if package == "layer" else getattr(owner, name)
    for arguments, options in calls[name]:
        yield function, _signature(function).bind(*arguments, **options)


def cases(name):
    """(function, its right arguments, a parameter): one for each parameter."""
    method = int(inspect.isclass(RIGHT[name.partition(".")[0]][0]))       # its self is right
    for i, (function, right) in enumerate(right_calls(name)):
        for parameter in [*right.signature.parameters.values()][method:]:
            if parameter.kind is not parameter.VAR_KEYWORD and (
                    parameter.name in right.arguments or i == 0):
                yield function, right, parameter


def _layer(name):
    (arguments, options), *_ = LAYERS[name][0]
    return getattr(nn, name)(*arguments, **options)


def _signature(function):
    """What may be given to a function, a class or a layer; to a loss, as to the function it has."""
    if not isinstance(function, nn.Module):
        return inspect.signature(function)
    signature = inspect.signature(function.forward)
    if "inputs" not in signature.parameters:
        return signature
    inputs = inspect.signature(type(function).function).parameters.values()
    return signature.replace(parameters=[p for p in inputs if p.default is p.empty])


def changed(right, **wrong):
    """The right arguments, copied, but for one that is wrong."""
    arguments = copy.deepcopy(right.arguments)
    for name, value in wrong.items():
        several = right.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
        arguments[name] = (value, *arguments.get(name, ())[1:]) if several else value
    return inspect.BoundArguments(right.signature, {
        name: arguments[name] for name in right.signature.parameters if name in arguments})


def fault(function, right, parameter, name, kind):
    """What is to be said against the answer to a wrong argument."""
    arguments = changed(right, **{parameter.name: WRONG[kind]})
    try:
        with np.errstate(all="ignore"):
            function(*arguments.args, **arguments.kwargs)
    except Exception as error:
        if f"{name.partition('.')[2]}.{parameter.name}" in READERS_OWN:
            return ""
        words = "\n".join([str(error), *getattr(error, "__notes__", ())])
        names = {parameter.name, *NAMED.get(parameter.name, ())}
        said = ["does not name it"] * names.isdisjoint(re.findall(r"\w+", words)) + [
            "is not ours"] * (not is_refusal(error) and not isinstance(error, OURS))
        return said and f"{kind} gets {type(error).__name__} {words!r}, it {', '.join(said)}" or ""
    return "" if means_something(kind, parameter, name) else f"{kind} is taken"


def means_something(kind, parameter, name):
    """Is this kind of value right there after all?"""
    package, name = name.split(".")
    asked = {parameter.name, f"{name}.{parameter.name}", f"{package}.{name}.{parameter.name}",
             f"{package}.{re.sub('.d$', '', name)}.{parameter.name}"}
    return kind == "None" and parameter.default is None or not asked.isdisjoint(
        MEANS_SOMETHING.get(kind, "").split() + ANYTHING)


@pytest.fixture(autouse=True)
def _threads():
    before = scratch.get_num_threads()
    yield
    scratch.set_num_threads(before)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", names())
def test_a_wrong_argument_is_refused_by_name(name):
    faults = (f"{parameter.name}: {fault(function, right, parameter, name, kind)}"
              for function, right, parameter in cases(name) for kind in WRONG)
    assert [said for said in faults if not said.endswith(": ")] == []


@pytest.mark.parametrize("name", names())
def test_right_arguments_are_taken(name):
    for function, right in right_calls(name):
        arguments = changed(right)
        function(*arguments.args, **arguments.kwargs)


def public(package):
    """The functions and classes that a package offers, and a class's methods, but no errors."""
    return {name for name, thing in vars(package).items() if not name.startswith("_") and (
        inspect.isfunction(thing) or inspect.isclass(thing) and not issubclass(thing, Exception))}


@pytest.mark.parametrize("package", [name for name in RIGHT if name != "layer"])
def test_every_public_name_has_a_right_call(package):
    owner, calls = RIGHT[package]
    borrowed = {name for name in public(owner) if getattr(
        getattr(owner, name), "__module__", "").rpartition(".")[2] != package} if package in (
        "init", "utils", "lr_scheduler") else set()
    assert public(owner) - {*calls} - borrowed == set()
