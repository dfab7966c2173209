"""Calls that are refused, continued from `wrong_calls`: layers, losses, modules, optimizers."""

from functools import partial

import numpy as np

from tests.scratch.wrong_calls import AXES, IMAGE, WRONG, F, W, X
from vidlearn import scratch
from vidlearn.scratch import nn, optim

Y = scratch.tensor([0, 1])
LEARNED = scratch.ones(2, requires_grad=True)
COUNT = "must be a whole number,"


def descent(**options):
    return optim.SGD([scratch.ones(2, requires_grad=True)], **{"lr": 0.1, **options})


def applied(kind, *arguments, to):
    """A call of a new layer on one input or, in a tuple, on several."""
    inputs = to if isinstance(to, tuple) else (to,)
    return lambda: getattr(nn, kind)(*arguments)(*inputs)


FILLS = ("uniform_ normal_ zeros_ ones_ xavier_uniform_ xavier_normal_ kaiming_uniform_ "
         "kaiming_normal_ orthogonal_")

WRONG += [
    # functions
    ("softmax", lambda: F.softmax(X, 2), "dim 2 is out of range for a Tensor with 2 axes"),
    ("softmax", lambda: F.softmax(X), "name the axis with dim="),
    ("log_softmax", lambda: F.log_softmax(X, 2), "dim 2"),
    ("gelu", lambda: F.gelu(X, "erf"), "approximate must be 'none' or 'tanh', not 'erf'"),
    *[(f"dropout{d}", partial(getattr(F, f"dropout{d}"), x, 1.5),
       "p must be a finite number from 0 to 1, not")
      for d, x in (("", X), ("1d", X), ("2d", IMAGE), ("3d", IMAGE))],
    *[(f"dropout{d}d", partial(getattr(F, f"dropout{d}d"), W), r"x \(4,\) must have .* axes")
      for d in (1, 2, 3)],
    ("linear", lambda: F.linear(X, W), r"x \(2, 3\) and weight \(4,\) must end in the same axis"),
    ("linear", lambda: F.linear(X, scratch.ones(1, 4, 3)), r"weight \(1, 4, 3\) must be \(O, F\)"),
    ("linear", lambda: F.linear(X, scratch.ones(2, 3), W), r"bias \(4,\).* cannot be broadcast"),
    ("embedding", lambda: F.embedding(X, X), r"input \(2, 3\) must hold whole numbers, not fl"),
    ("embedding", lambda: F.embedding(Y, W), r"weight \(4,\) must be \(words, F\)"),
    ("embedding", lambda: F.embedding(Y + 9, X), "indices run from 9 to 10, .* rows 0 to 1"),
    ("embedding", lambda: F.embedding(Y, X, padding_idx=2), "padding_idx 2 is not a row"),
    ("one_hot", lambda: F.one_hot(X), r"tensor \(2, 3\) must hold whole numbers, not float32"),
    ("one_hot", lambda: F.one_hot(Y, 1), "must be from 0 to 0"),
    ("one_hot", lambda: F.one_hot(Y[:0]), "num_classes must be given"),
    ("batch_norm", lambda: F.batch_norm(W, W, W), r"input \(4,\) must be \(N, C, \*S\)"),
    ("batch_norm", lambda: F.batch_norm(X, W, W), r"running_mean \(4,\) must be \(3,\)"),
    ("batch_norm", lambda: F.batch_norm(X, None, None), "needs running_mean and running_var"),
    ("batch_norm", lambda: F.batch_norm(X, None, None, scratch.ones(1), training=True),
     r"weight \(1,\) must be \(3,\) for an input \(2, 3\)"),
    ("layer_norm", lambda: F.layer_norm(X, (2,)), r"last axes of x \(2, 3\) must be \(2,\)"),
    ("layer_norm", lambda: F.layer_norm(X, (3,), X), r"weight \(2, 3\) must be \(3,\)"),
    ("normalize", lambda: F.normalize(X, dim=2), "dim 2"),
    # losses
    *[(name, partial(getattr(F, name), X, W), r"x \(2, 3\) and target \(4,\) of one shape")
      for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "binary_cross_entropy_with_logits")],
    *[(name, partial(getattr(F, name), X, X, reduction="men"), "not 'men'")
      for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "binary_cross_entropy_with_logits")],
    ("binary_cross_entropy_with_logits", lambda: F.binary_cross_entropy_with_logits(X, X, W),
     r"weight \(4,\) float32 cannot be broadcast"),
    *[row for name in ("cross_entropy", "nll_loss") for f in (getattr(F, name),) for row in (
        (name, partial(f, X, W.long()), r"x is \(2, 3\), target is \(4,\)"),
        (name, partial(f, X, scratch.tensor([0.7, 1.9])), r"target \(2,\) float32 must hold cla"),
        (name, partial(f, X, Y, weight=W), r"weight \(4,\) must be \(3,\), one for each class"),
        (name, partial(f, X, Y + 5), "targets run from 5 to 6, the classes from 0 to 2"),
        (name, partial(f, X, Y, reduction="men"), "not 'men'"),
        (name, partial(f, X.sum(), Y), r"input \(\) must have scores for classes"))],
    ("cross_entropy", lambda: F.cross_entropy(X, Y, label_smoothing=2),
     "must be a finite number from 0 to 1"),
    ("triplet_margin_loss", lambda: F.triplet_margin_loss(X, X, W), r"\(2, 3\) and negative \(4"),
    ("cosine_embedding_loss", lambda: F.cosine_embedding_loss(X, W, Y), "of one shape"),
    ("cosine_similarity", lambda: F.cosine_similarity(X, W),
     r"x1 \(2, 3\) float32, x2 \(4,\) float32 cannot"),
    ("cosine_similarity", lambda: F.cosine_similarity(X, X, 2), "dim 2"),
    # layers
    ("Linear", lambda: nn.Linear(3, -1), f"Linear: out_features {COUNT} 0 or more, not -1"),
    ("Embedding", lambda: nn.Embedding(-2, 3), f"num_embeddings {COUNT} 0 or more, not -2"),
    ("Embedding", lambda: nn.Embedding(2, 3, 2),
     "padding_idx 2 must be less than num_embeddings, 2"),
    *[(f"{kind}{d}d", partial(getattr(nn, f"{kind}{d}d"), *a), words)
      for d in (1, 2, 3) for kind in ("Conv", "ConvTranspose") for a, words in (
        ((0, 1, 2), f"in_channels {COUNT} 1 or more, not 0"),
        ((1, 1, 0), "kernel_size must be a whole number, 1 or more, or several, not 0"),
        ((1, 1, 2, 0), "stride must be a whole number, 1 or more, or several, not 0"))],
    *[(f"Conv{d}d", partial(getattr(nn, f"Conv{d}d"), 3, 4, 2, groups=2), "divisible by groups 2")
      for d in (1, 2, 3)],
    *[(f"BatchNorm{d}d", applied(f"BatchNorm{d}d", 2, to=W), r"x \(4,\) must have")
      for d in (1, 2, 3)],
    *[(f"BatchNorm{d}d", partial(getattr(nn, f"BatchNorm{d}d"), -1), f"num_features {COUNT}")
      for d in (1, 2, 3)],
    ("LayerNorm", lambda: nn.LayerNorm(-3),
     "normalized_shape must be a whole number, 0 or more, or several, not -3"),
    *[(f"Dropout{d}", partial(getattr(nn, f"Dropout{d}"), -1),
       r"p must be a finite number from 0 to 1, not -1")
      for d in ("", "1d", "2d", "3d")],
    *[(kind, partial(getattr(nn, kind), *a), words)
      for kind in ("RNN", "LSTM", "GRU") for a, words in (
        ((-1, 2), f"{kind}: input_size {COUNT} 0 or more, not -1"),
        ((2, 0), f"{kind}: hidden_size {COUNT} 1 or more, not 0"),
        ((2, 2, 0), f"{kind}: num_layers {COUNT} 1 or more, not 0"))],
    *[(kind, applied(kind, 5, 2, to=X), rf"{kind}: x \(2, 3\) must have .* 5 features")
      for kind in ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")],
    *[(kind, applied(kind, 3, 2, to=(X, hx)), rf"{kind}: hx, the initial state, must .*{w}")
      for kind, hx, w in (("GRUCell", W, r"\(2, 2\), not \(4,\)"), ("LSTMCell", W, "a tuple"),
                          ("RNNCell", "a", "a Tensor h"), ("GRU", (W, W), "a Tensor h"),
                          ("LSTM", (W, "a"), "a tuple"), ("RNN", X, r"\(1, 1, 2\)"))],
    ("RNN", lambda: nn.RNN(3, 2, nonlinearity="elu"), "'tanh' or 'relu', not 'elu'"),
    *[(f"{kind}{d}d", applied(f"{kind}{d}d", 2, to=W), AXES[d])
      for d in (1, 2, 3) for kind in ("MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool")],
    ("Flatten", lambda: nn.Flatten(3)(X), "dim 3"),
    ("Unflatten", lambda: nn.Unflatten(1, (2, 2))(X), "cannot be split into"),
    ("Upsample", lambda: nn.Upsample(4)(X), "3, 4 or 5 axes"),
    *[(f"{kind}{d}d", applied(f"{kind}{d}d", (1, 2, 3), *a, to=IMAGE), "must be pai")
      for d in (1, 2, 3) for kind, a in (("ZeroPad", ()), ("ConstantPad", (0,)),
                                         ("ReflectionPad", ()), ("ReplicationPad", ()))],
    # modules
    ("Sequential", lambda: nn.Sequential("abc"), "Sequential: 0 must be a Module, not str: 'abc'"),
    ("ModuleList", lambda: nn.ModuleList([1]), "ModuleList: 0 must be a Module, not int: 1"),
    ("ModuleDict", lambda: nn.ModuleDict({"a": 1}), "ModuleDict: a must be a Module, not int: 1"),
    ("Module", lambda: nn.Module()(X), r"Module has no forward\(\)"),
    ("Module", lambda: nn.Module().register_buffer("mean", 3), "mean: tensor must be a Tensor or"),
    ("Module", lambda: nn.Module().register_parameter("w", X), "w: param must be a Parameter"),
    ("Module", lambda: nn.Linear(2, 3).load_state_dict({}), 'Missing key.*"weight", "bias"'),
    ("Module", lambda: nn.Linear(2, 3).to("cuda"), "only 'cpu'"),
    ("Parameter", lambda: nn.Parameter("abc"), "real numbers, not <U3"),
    *[(f"init.{name}", partial(getattr(nn.init, name), np.ones(2)), "must be a Tensor, not array")
      for name in FILLS.split()],
    ("init.kaiming_normal_", lambda: nn.init.kaiming_normal_(W),
     r"two axes or more, not of shape \(4,\)"),
    ("init.orthogonal_", lambda: nn.init.orthogonal_(W), r"two axes or more, not of shape \(4,\)"),
    ("init.kaiming_normal_", lambda: nn.init.kaiming_normal_(X, mode="in"), "not 'in'"),
    ("init.normal_", lambda: nn.init.normal_(X, std=-1), "std must be a number, 0 or more, not -1"),
    ("init.uniform_", lambda: nn.init.uniform_(X, 2, 1),
     "a must be at most b, but a is 2 and b is 1"),
    ("init.calculate_gain", lambda: nn.init.calculate_gain("x"), "not 'x'"),
    # optimizers and schedulers
    *[(kind, partial(getattr(optim, kind), a, **o), f"{kind}{words}")
      for kind in ("SGD", "Adam", "AdamW", "RMSprop") for a, o, words in (
        (X, {}, ": params must be a list of Tensors, or of groups, not Tensor"),
        ("abc", {}, ": params must be a list"), ([], {}, " got no parameters"),
        ([1], {}, ": a parameter must be a Tensor, not int: 1"),
        ([{"lr": 1}], {}, ": a group must be a dict with 'params'"),
        ([LEARNED], {"lr": -1}, ": lr must be a number, 0 or more, not -1"),
        ([LEARNED], {"weight_decay": -1}, ": weight_decay must be a number, 0 or more"),
        ([LEARNED], {"learning": 1}, " has no option 'learning'"),
        ([LEARNED], {"maximize": True}, r"\(maximize=True\) is not implemented"))],
    ("Adam", lambda: optim.Adam([LEARNED], betas=(0.9, 1.0)),
     "Adam: betas must be .* from 0 to 0.99"),
    ("SGD", lambda: descent(momentum=-1), "SGD: momentum must be a number, 0 or more, not -1"),
    ("SGD", lambda: descent(nesterov=True), "nesterov needs a momentum"),
    ("SGD", lambda: optim.SGD([LEARNED * 2]), r"a Tensor of shape \(2,\) is not a leaf"),
    ("SGD", lambda: optim.SGD([LEARNED, LEARNED]), r"a parameter of shape \(2,\) is in two groups"),
    ("Optimizer", lambda: descent().load_state_dict({"state": {}, "param_groups": []}),
     "groups of parameters have other"),
    *[(kind, partial(getattr(optim.lr_scheduler, kind), "abc", *a),
       f"{kind}: optimizer must be an Optimizer, not .abc")
      for kind, a in (("StepLR", (1,)), ("CosineAnnealingLR", (1,)))],
    ("StepLR", lambda: optim.lr_scheduler.StepLR(descent(), 0),
     f"step_size {COUNT} 1 or more, not 0"),
    ("CosineAnnealingLR", lambda: optim.lr_scheduler.CosineAnnealingLR(descent(), 0), "T_max must"),
    *[("OneCycleLR", partial(optim.lr_scheduler.OneCycleLR, descent(momentum=0.9), **o), words)
      for o, words in (({"max_lr": 1}, "needs total_steps, or"),
                       ({"max_lr": 1, "total_steps": 0}, f"total_steps {COUNT} 1 or more, not 0"),
                       ({"max_lr": [1, 2], "total_steps": 9},
                        r"one number, or one for each .* \[1, 2\]"),
                       ({"max_lr": 1, "total_steps": 9, "anneal_strategy": "up"}, "not 'up'"),
                       ({"max_lr": 1, "total_steps": 9, "pct_start": 2},
                        "pct_start must be a finite number from 0"))],
]
