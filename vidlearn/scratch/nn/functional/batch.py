"""One sample or a batch of them: torch takes both, the pairs take batches."""

from vidlearn.scratch.core.errors import ShapeError


def batched(name, axes, function, input, *rest, **options):
    """Call `function` with a batch (N, C, *S); one sample (C, *S) goes in as a batch of one.

    Raises   ShapeError if the input has neither `axes` + 2 axes nor one less
    """
    if input.ndim == axes + 2:
        return function(input, *rest, **options)
    if input.ndim != axes + 1:
        raise ShapeError(f"{name} wants an input of {axes + 2} axes, or {axes + 1} for one sample; "
                         f"it has {input.ndim}: {input.shape}")
    y = function(input.unsqueeze(0), *rest, **options)
    return tuple(part.squeeze(0) for part in y) if isinstance(y, tuple) else y.squeeze(0)
