"""A right call of every public function and class; several if options exclude each other.

RIGHT says for each package, class or layer: name -> calls, each (arguments, options). Whatever a
call leaves out has its default. `wrong_arguments` gives each parameter, one by one, what is wrong.
"""

import numpy as np

from vidlearn import scratch
from vidlearn.scratch import nn, ops, optim

F = nn.functional
X, ROW, DOUBLE = scratch.ones(2, 3), scratch.ones(3), np.ones(2)
WHOLE, CLASSES = X.long(), scratch.tensor([0, 1])
LINES = {1: scratch.ones(1, 2, 5), 2: scratch.ones(1, 2, 5, 5), 3: scratch.ones(1, 2, 4, 5, 5)}
LEARNED = nn.Parameter(X)
LEARNED.grad = X


def call(*arguments, **options):
    """The one right call of a name."""
    return [(arguments, options)]


def each(names, *arguments, **options):
    """The same right call for several names."""
    return dict.fromkeys(names.split(), call(*arguments, **options))


def by_axes(names, make):
    """name1d, name2d, name3d; `make` gives the arguments for an input of so many axes."""
    return {f"{name}{d}d": call(*make(d, x)) for name in names.split() for d, x in LINES.items()}


def descent():
    return optim.SGD([LEARNED], momentum=0.5)


ELEMENTWISE = each("abs ceil clone cos exp floor isfinite isnan log neg round sign sin sqrt square "
                   "relu sigmoid tanh", X)
TWO_SIDED = each("add sub mul div floor_divide remainder pow eq ne lt le gt ge maximum minimum "
                 "allclose", X, X)
REDUCTIONS = each("sum mean amax amin max min argmax argmin any all std var", X)
ALONG = each("logsumexp softmax log_softmax chunk unsqueeze split", X, 1)
SHARED = {                                            # functions that are methods, too
    **ELEMENTWISE, **TWO_SIDED, **REDUCTIONS, **ALONG,
    **each("flatten squeeze t unbind", X), "matmul": call(X, scratch.ones(3, 2)),
    "clamp": [((X, 0), {}), ((X,), {"max": 1})], "masked_fill": call(X, X > 0, 1.0),
    "reshape": call(X, 3, 2), "unflatten": call(X, 1, (3, 1)),
    "permute": [((X, 1, 0), {}), ((X,), {"dims": (1, 0)})],
    "flip": [((X, 0), {}), ((X,), {"dims": (0,)})], **each("transpose movedim", X, 0, 1),
    **each("sort argsort tril triu prod", X), **each("topk cumsum cumprod", X, 1),
    "gather": call(X, 1, WHOLE - 1), "index_select": call(X, 1, CLASSES),
    "take_along_dim": call(X, WHOLE - 1), "bmm": call(X[None], X.t()[None]),
    "mm": call(X, X.t()), "mv": call(X, ROW), **each("dot outer", ROW, ROW),
}
NORMALIZED = {
    "batch_norm": call(X, ROW, ROW), "layer_norm": call(X, (3,)), "normalize": call(X),
    "group_norm": call(X, 3),
}
LOSSES = {
    **each("mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy_with_logits "
           "binary_cross_entropy cosine_similarity pairwise_distance", X, X),
    **each("cross_entropy nll_loss", X, CLASSES), "triplet_margin_loss": call(X, X, X),
    "cosine_embedding_loss": call(X, X, CLASSES), "margin_ranking_loss": call(X, X, X),
}
LAYERS = {                                            # how they are built, and what they are given
    **{f"{kind}{d}d": (call(2, 2, 1), call(x)) for kind in ("Conv", "ConvTranspose")
       for d, x in LINES.items()},
    **{f"{kind}{d}d": (call(1), call(x)) for d, x in LINES.items() for kind in
       ("MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "ZeroPad", "ReflectionPad",
        "ReplicationPad")},
    **{f"ConstantPad{d}d": (call(1, 0.5), call(x)) for d, x in LINES.items()},
    **{f"BatchNorm{d}d": (call(2), call(x)) for d, x in LINES.items()},
    **{f"Dropout{d}": (call(), call(x)) for d, x in
       {"": X, "1d": LINES[1], "2d": LINES[2], "3d": LINES[3]}.items()},
    **{kind: (call(), call(X)) for kind in
       ("ELU", "GELU", "LeakyReLU", "PReLU", "ReLU", "SiLU", "Sigmoid", "Softplus", "Tanh")},
    **{kind: (call(1), call(X)) for kind in ("Softmax", "LogSoftmax", "Flatten")},
    **{kind: (call(), call(X, X)) for kind in
       ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss",
        "CosineSimilarity", "PairwiseDistance")},
    "MarginRankingLoss": (call(), call(X, X, X)), "GroupNorm": (call(3, 3), call(X)),
    "Unfold": (call(2), call(LINES[2])), "Fold": (call((1, 2), 1), call(LINES[1][:, :, :2])),
    "PixelShuffle": (call(1), call(LINES[2])), "PixelUnshuffle": (call(1), call(LINES[2])),
    **{kind: (call(), call(X, CLASSES)) for kind in ("CrossEntropyLoss", "NLLLoss")},
    "TripletMarginLoss": (call(), call(X, X, X)), "Identity": (call(), None),
    "CosineEmbeddingLoss": (call(), call(X, X, CLASSES)),
    **{kind: (call(3, 2), call(LINES[1].transpose(1, 2)[:, :3, :1].expand(1, 3, 3)))
       for kind in ("RNN", "LSTM", "GRU")},
    **{kind: (call(3, 2), call(X)) for kind in ("RNNCell", "LSTMCell", "GRUCell", "Linear")},
    "Embedding": (call(3, 2), call(CLASSES)), "LayerNorm": (call((3,)), call(X)),
    "Unflatten": (call(1, (3, 1)), call(X)), "Parameter": (call(X), None),
    "Upsample": ([((4,), {}), ((), {"scale_factor": 2})], call(LINES[1])),
    "Module": (call(), None), "Sequential": (call(nn.ReLU()), call(X)),
    "ModuleList": (call([nn.ReLU()]), None), "ModuleDict": (call({"a": nn.ReLU()}), None),
}
SCHEDULED = descent()
BOXES, REGIONS = scratch.tensor([[0.0, 0, 2, 2]]), scratch.tensor([[0.0, 0, 0, 2, 2]])

RIGHT = {
    "scratch": (scratch, {
        **SHARED, **each("zeros_like ones_like randn_like rand_like bitwise_not", WHOLE > 0),
        **each("bitwise_and bitwise_or bitwise_xor", WHOLE, WHOLE),
        **each("zeros ones rand randn", 2, 3), **each("cat stack", [X, X]),
        **each("randperm eye manual_seed set_num_threads arange", 2),
        **each("get_num_threads is_grad_enabled"), "no_grad": call(),
        "randn_like": call(X), "rand_like": call(X), "Tensor": call(DOUBLE),
        "tensor": call(DOUBLE), "from_numpy": call(DOUBLE), "full": call((2, 3), 1.0),
        "full_like": call(X, 1.0), "linspace": call(0, 1, 3), "randint": call(0, 5, (2,)),
        "result_type": call(X, 1), "where": call(X > 0, X, X), "lift": call(len, len),
        "cdist": call(X, X), "einsum": call("ij,kj", X, X),
        "gradcheck": call(scratch.exp, [DOUBLE]),
    }),
    "F": (F, {
        **{name: SHARED[name] for name in ["relu", "sigmoid", "tanh", "softmax", "log_softmax"]},
        **each("elu gelu leaky_relu softplus silu dropout", X), "prelu": call(X, ROW),
        **NORMALIZED, **LOSSES,
        **by_axes("dropout", lambda d, x: (x,)),
        **by_axes("conv conv_transpose", lambda d, x: (x, scratch.ones(2, 2, *[1] * d))),
        **by_axes("max_pool avg_pool adaptive_avg_pool adaptive_max_pool", lambda d, x: (x, 1)),
        "linear": call(X, X), "embedding": call(CLASSES, X), "one_hot": call(CLASSES),
        "pad": call(LINES[1], (1, 1)), "unfold": call(LINES[2], 2),
        "fold": call(LINES[1][:, :, :2], (1, 2), 1), "pixel_shuffle": call(LINES[2], 1),
        "pixel_unshuffle": call(LINES[2], 1),
        "grid_sample": call(LINES[2], scratch.ones(1, 3, 3, 2)),
        "interpolate": [((LINES[1], 4), {}), ((LINES[1],), {"scale_factor": 2.0})],
    }),
    "ops": (ops, {
        "box_area": call(BOXES), "box_convert": call(BOXES, "xyxy", "xywh"),
        **each("box_iou generalized_box_iou generalized_box_iou_loss", BOXES, BOXES),
        "clip_boxes_to_image": call(BOXES, (4, 5)), "remove_small_boxes": call(BOXES, 1.0),
        "nms": call(BOXES, scratch.ones(1), 0.5),
        "batched_nms": call(BOXES, scratch.ones(1), scratch.ones(1).long(), 0.5),
        "roi_align": [((LINES[2], REGIONS, 2), {}), ((LINES[2], [BOXES], (1, 2)), {})],
        "RoIAlign": call(2, 1.0, 2), "sigmoid_focal_loss": call(X, X),
    }),
    "nn": (nn, {name: built for name, (built, _) in LAYERS.items()}),
    "init": (nn.init, {
        **each("uniform_ normal_ zeros_ ones_ xavier_uniform_ xavier_normal_ kaiming_uniform_ "
               "kaiming_normal_ orthogonal_ fan_in_and_fan_out", X), "constant_": call(X, 1.0),
        "calculate_gain": call("leaky_relu"),
    }),
    "utils": (nn.utils, each("clip_grad_norm_ clip_grad_value_", [LEARNED], 1.0)),
    "optim": (optim, {**each("SGD Adam AdamW RMSprop", [LEARNED]),
                      "Optimizer": call([LEARNED], {"lr": 0.1}, {})}),
    "lr_scheduler": (optim.lr_scheduler, {
        **each("StepLR CosineAnnealingLR", SCHEDULED, 3), "LRScheduler": None,
        "MultiStepLR": call(SCHEDULED, [2, 3]), "ReduceLROnPlateau": call(SCHEDULED),
        "OneCycleLR": [((SCHEDULED, 0.1, 3), {}),
                       ((SCHEDULED, 0.1), {"epochs": 2, "steps_per_epoch": 3})],
    }),
    "Tensor": (scratch.Tensor, {
        **SHARED, **each("zero_ detach retain_grad numpy item tolist size dim numel double float "
                         "int bool long contiguous cpu to requires_grad_ norm",
                         scratch.ones(1)),
        "add": call(X, X), "backward": call(LEARNED.sum()), "view": call(X, 3, 2),
        "expand": call(X, 2, 3), "expand_as": call(X, X), "register_hook": call(LEARNED, len),
        **each("fill_ clamp_", X, 1.0), **each("copy_ add_ sub_ mul_ div_", X, X),
        "new_zeros": call(X, 2, 3), "new_ones": call(X, 2, 3), "new_full": call(X, (2,), 1.0),
        "where": call(X, X > 0, X), "__getitem__": call(X, 0), "__setitem__": call(X, 0, 1.0),
    }),
    "Module": (nn.Module, {
        "forward": None,
        **each("children named_children named_modules modules named_parameters parameters "
               "named_buffers buffers eval train requires_grad_ zero_grad to double float "
               "state_dict extra_repr", nn.Linear(3, 2)),
        "register_buffer": call(nn.Module(), "mean", X),
        "register_parameter": call(nn.Module(), "w", LEARNED),
        "add_module": call(nn.Module(), "child", nn.ReLU()),
        "get_submodule": call(nn.Sequential(nn.ReLU()), "0"), "apply": call(nn.ReLU(), type),
        "load_state_dict": call(nn.Linear(3, 2), nn.Linear(3, 2).state_dict()),
        **each("register_forward_hook register_full_backward_hook", nn.ReLU(), len),
    }),
    "Optimizer": (optim.Optimizer, {
        **each("zero_grad step state_dict", descent()), "update": None, "state_array": None,
        "add_param_group": call(descent(), {"params": [scratch.ones(1)]}),
        "load_state_dict": call(descent(), descent().state_dict()),
    }),
    "layer": (None, {name: given for name, (_, given) in LAYERS.items() if given}),
}
