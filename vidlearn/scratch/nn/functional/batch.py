"""Single samples: torch takes one sample or a batch, and the pairs take batches only."""

from vidlearn.scratch.core.errors import ShapeError


def batched(name, axes, function, input, *rest, **options):
    """Call `function` with a batch (N, C, *S); a single sample (C, *S) becomes a batch of one.

    Raises   ShapeError if the input has neither `axes` + 2 axes nor one less
    """
    if input.ndim == axes + 2:
        return function(input, *rest, **options)
    if input.ndim != axes + 1:
        raise ShapeError(f"{name}: input must have {axes + 2} axes, or {axes + 1} for one sample, "
                         f"but it has {input.ndim}: {input.shape}")
    y = function(input.unsqueeze(0), *rest, **options)
    return tuple(part.squeeze(0) for part in y) if isinstance(y, tuple) else y.squeeze(0)
