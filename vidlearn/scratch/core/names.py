"""What an argument must be: its name and its default tell.

A name means the same all over the engine: `keepdim` is True or False, `stride` a whole number or
several. What sizes and axes there may be, a function that computes with Tensors knows best, and
looks at them itself; for a layer, which only keeps them, they are looked at here.
"""

import numpy as np

from vidlearn.scratch.core import tensor_kinds as kinds


def _all(kind, names):
    return dict.fromkeys(names.split(), kind)


TENSORS = {
    **_all(kinds.TENSOR, "anchor bias gradient input input1 input2 negative pos_weight positive "
                         "running_mean running_var target tensor weight x x1 x2"),
    **_all(kinds.TRUTHS, "condition mask"),
}
REAL = {"anchor", "input", "input1", "input2", "negative", "positive", "x1", "x2"}
SIDES = {"a", "b", "max", "min", "other", "value"}
IN_LAYERS = {
    **_all(kinds.ONE_WHOLE, "dim directions embedding_dim end_dim epochs groups hidden_size "
                            "in_channels in_features input_size last_epoch num_classes "
                            "num_embeddings num_features num_layers out_channels out_features "
                            "padding_idx proj_size seed start_dim step_size steps_per_epoch T_max "
                            "total_steps"),
    **_all(kinds.sizes(0), "normalized_shape output_padding output_size padding size"),
    **_all(kinds.sizes(1), "dilation kernel_size stride"), "unflattened_size": kinds.sizes(-1),
}
BY_NAME = {
    **_all(kinds.ANY_NUMBER, "alpha correction fill_value val value"),
    **_all(kinds.NUMBER, "end param start"),
    **_all(kinds.COUNT, "atol base_momentum clip_value div_factor final_div_factor max_momentum "
                        "max_norm norm_type rtol"),
    **_all(kinds.COUNTS, "betas max_lr scale_factor"),
    **_all(kinds.ONE_WHOLE, "decimals divisor_override ignore_index"),
    **_all(kinds.FLAG, "align_corners recompute_scale_factor unbiased"),
    **_all(kinds.WORD, "nonlinearity prefix rounding_mode"),
    **_all(kinds.FUNCTION, "backward fn forward hook"), "function": kinds.PAIR,
    **_all(kinds.DICT, "defaults state_dict torch_only"),
    "tensors": kinds.TENSOR_LIST, "parameters": kinds.PARAMETERS,
    "approximate": kinds.choice(("none", "tanh")),
    "reduction": kinds.choice(("mean", "sum", "none")),
}
MAY_BE_NONE = {"correction", "momentum", "output_size", "running_mean", "running_var", "seed"}


def kind_of(parameter, function, parameters, real=False):
    """The kind of one of the `parameters` of a function of that name.

    Returns  None where the function looks itself
    """
    kind = _kind_of(parameter, function, parameters, real)
    optional = parameter.default is None or parameter.name in MAY_BE_NONE
    return kind._replace(types=kind.types | {type(None)}) if kind and optional else kind


def _kind_of(parameter, function, parameters, real):
    name, default = parameter.name, parameter.default
    computes = "self" not in parameters and not parameters.keys().isdisjoint(
        SIDES | {*TENSORS, "tensors"})
    if isinstance(default, bool):                        # Linear's bias, too
        return kinds.FLAG
    if name in SIDES and computes and not isinstance(default, float):
        return kinds.ANY_NUMBER if name == "value" and default is None else kinds.SIDE
    if name in TENSORS and function.endswith("_") and function != "__init__":
        return kinds.ITSELF                              # the change of an array would be lost
    if name in TENSORS:
        return kinds.REAL_TENSOR if real and name in REAL else TENSORS[name]
    if name in IN_LAYERS:
        return None if computes else _margins(parameters) if name == "padding" else IN_LAYERS[name]
    if isinstance(default, str):
        return None if name == "p" else BY_NAME.get(name, kinds.WORD)
    return BY_NAME.get(name, kinds.NUMBER if isinstance(default, (int, float)) else None)


def _margins(parameters):
    """Of a convolution a word will do; a margin alone may be negative and cut away."""
    return kinds.sizes(0 if "kernel_size" in parameters else -np.inf, "groups" in parameters)
