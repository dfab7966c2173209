"""PyTorch's own sample inputs, run by both libraries: output and every gradient must agree.

    test_ops = ops_agree({"add": scratch.add, ("max", "binary"): scratch.max},
                         refused={"add": ["the refusal's whole message"]})
    test_layers = layers_agree({"Linear": scratch.nn.Linear})

The samples are those of torch.testing: `op_db` for functions, `module_db` for layers; float64.
A sample that we refuse with UnsupportedOption counts as refused: `refused` lists exactly those.
"""

import numpy as np
import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from vidlearn.scratch import Tensor, UnsupportedOption, nn

OPS = {(op.name, op.variant_test_name): op for op in op_db}
LAYERS = {info.name.removeprefix("nn."): info for info in module_db}


def samples(name, variant=""):
    """PyTorch's sample inputs for a function, the same in every run."""
    op = OPS[name, variant]
    torch.manual_seed(0)
    dtype = torch.float64 if torch.float64 in op.dtypes else torch.int64
    learns = op.supports_autograd and dtype.is_floating_point
    yield from op.sample_inputs("cpu", dtype, requires_grad=learns)


def agree(sample, ours, theirs):
    """Run both on one sample; raise AssertionError where an output or a gradient differs.

    Returns  None, or the message with which ours refused an option
    """
    given, pairs = (sample.input, *sample.args), {}
    try:
        y = ours(*each(given, ours_of, pairs), **each(sample.kwargs, ours_of, pairs))
    except UnsupportedOption as refusal:
        return str(refusal)
    expected = theirs(*each(given, theirs_of, pairs), **each(sample.kwargs, theirs_of, pairs))
    compare(y, expected, pairs.values())
    return None


def layer_samples(name, training):
    """PyTorch's sample inputs for a layer: each has a constructor_input and a forward_input."""
    torch.manual_seed(0)
    yield from LAYERS[name].module_inputs_func(
        LAYERS[name], device="cpu", dtype=torch.float64, requires_grad=True, training=training)


def layer_agrees(sample, ours, theirs, training):
    """Like `agree`, for a layer: PyTorch's weights are loaded, and state and gradients compared."""
    made, given, pairs = sample.constructor_input, sample.forward_input, {}
    twin = theirs(*made.args, **made.kwargs).double().train(training)
    try:
        layer = ours(*each(made.args, ours_of, {}), **each(made.kwargs, ours_of, {}))
        layer.double().train(training).load_state_dict(twin.state_dict())
        y = layer(*each(given.args, ours_of, pairs), **each(given.kwargs, ours_of, pairs))
    except UnsupportedOption as refusal:
        return str(refusal)
    expected = twin(*each(given.args, theirs_of, pairs), **each(given.kwargs, theirs_of, pairs))
    state = layer.state_dict()
    assert list(state) == list(twin.state_dict())
    for key, value in twin.state_dict().items():
        same(state[key], value, key)
    parameters = dict(layer.named_parameters())
    compare(y, expected, [*pairs.values(),
                          *((parameters[key], p) for key, p in twin.named_parameters())])
    return None


def ops_agree(table, refused=None):
    """One test for each function of `table`, whose keys are a name or (name, variant)."""
    def run(key):
        name, variant = key if isinstance(key, tuple) else (key, "")
        return [agree(s, table[key], OPS[name, variant]) for s in samples(name, variant)]
    return _one_test_each(table, run, refused or {})


def layers_agree(table, refused=None):
    """One test for each layer of `table`, in training and in evaluation."""
    def run(name):
        return [layer_agrees(s, table[name], LAYERS[name].module_cls, training)
                for training in (True, False) for s in layer_samples(name, training)]
    return _one_test_each(table, run, refused or {})


def _one_test_each(table, run, refused):
    @pytest.mark.parametrize("key", table, ids=str)
    def test(key):
        refusals = run(key)
        assert None in refusals or refused.get(key), "not one sample was compared"
        assert {r for r in refusals if r} == set(refused.get(key, ()))
    return test


def each(tree, make, pairs):
    """A copy of nested lists, tuples and dicts in which each torch value is `make` of it.

    A tensor that occurs twice stays one: `pairs` holds [ours, theirs] for each id.
    """
    if isinstance(tree, dict):
        return {key: each(value, make, pairs) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)) and not isinstance(tree, torch.Size):
        return type(tree)(each(value, make, pairs) for value in tree)
    return make(tree, pairs)


def ours_of(value, pairs):
    if isinstance(value, torch.Tensor):                # our Tensor shares the memory of PyTorch
        if id(value) not in pairs:
            mine = Tensor(value.detach().numpy(), requires_grad=value.requires_grad)
            pairs[id(value)] = mine, value.detach().clone().requires_grad_(value.requires_grad)
        return pairs[id(value)][0]
    if isinstance(value, torch.dtype):
        return np.dtype(str(value).removeprefix("torch."))
    return tuple(value) if isinstance(value, torch.Size) else value


def theirs_of(value, pairs):
    return pairs[id(value)][1] if isinstance(value, torch.Tensor) else value


def compare(ours, theirs, leaves):
    """Equal outputs; and, with a random dy for each, equal gradients of all `leaves`, in pairs."""
    ys, expected = flat(ours), flat(theirs)
    assert len(ys) == len(expected), f"{len(ys)} outputs where PyTorch has {len(expected)}"
    rng, ends = np.random.default_rng(1), []
    for y, e in zip(ys, expected, strict=True):
        same(y, e, "output")
        if isinstance(e, torch.Tensor) and e.requires_grad:
            ends.append((y, e, rng.normal(size=e.shape).astype(y.dtype)))
    for y, e, dy in ends:
        y.backward(dy, retain_graph=True)
        e.backward(torch.tensor(dy), retain_graph=True)
    for mine, leaf in leaves:
        same(mine, leaf, "input, which must be left as it was,")
        if leaf.requires_grad:
            same(gradient(mine, mine), gradient(leaf, leaf.detach().numpy()), "gradient")


def agree_by_name(name, arrays, learn=None, **options):
    """The function of this name in nn.functional on arrays: outputs and gradients must agree.

    Arrays of real numbers require a gradient, or only the first `learn` of them. Options may be
    arrays, too, and have none.
    """
    needs = [a.dtype.kind == "f" and (learn is None or i < learn) for i, a in enumerate(arrays)]
    pairs = [(Tensor(a, requires_grad=need), torch.tensor(a, requires_grad=need))
             for a, need in zip(arrays, needs, strict=True)]
    theirs = {key: torch.tensor(value) if isinstance(value, np.ndarray) else value
              for key, value in options.items()}
    compare(getattr(nn.functional, name)(*(mine for mine, _ in pairs), **options),
            getattr(torch.nn.functional, name)(*(leaf for _, leaf in pairs), **theirs), pairs)


def gradient(leaf, like):
    """None means that nothing arrived: zeros."""
    return np.zeros(like.shape, like.dtype) if leaf.grad is None else leaf.grad


def same(ours, theirs, what):
    """Same type, same shape, and numbers within 1e-10; whole numbers and booleans exactly."""
    ours = ours.data if isinstance(ours, Tensor) else ours
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    if not isinstance(theirs, np.ndarray):
        assert type(ours) is type(theirs), what
        assert ours == theirs or ours != ours and theirs != theirs, what
        return
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape), what
    if theirs.dtype.kind == "f":
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=what)
    else:
        np.testing.assert_array_equal(ours, theirs, what)


def flat(outputs):
    """Nested lists and tuples of outputs as one list."""
    if isinstance(outputs, (list, tuple)) and not isinstance(outputs, torch.Size):
        return [part for output in outputs for part in flat(output)]
    return [outputs]
