"""The way back: the steps that a result was made by, and whether they are remembered at all.

A node has parents, the nodes it was made from; `_pull`, which turns its gradient into one for each
parent (None at a leaf); `_gather`, which adds up what arrives; and `_take`, which keeps it.
"""

from contextlib import ContextDecorator
from threading import local

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import GraphError


class _Thread(local):
    """What each thread has for itself: one that only evaluates does not stop another's learning."""

    recording = True


_thread = _Thread()


class no_grad(ContextDecorator):
    """Inside the block, or the function under it, no way back is remembered in this thread.

    Twin     torch.no_grad
    """

    def __new__(cls, function=None):
        if function is not None and not callable(function):
            raise ArgumentError(f"no_grad: function must be a function, not {function!r:.60}")
        new = super().__new__(cls)
        return new if function is None else new(function)             # @no_grad, without ()

    def _recreate_cm(self):                           # each call of a function has its own block
        return type(self)()

    def __enter__(self):
        self._before = (*getattr(self, "_before", ()), _thread.recording)
        _thread.recording = False

    def __exit__(self, *exception):
        *self._before, _thread.recording = self._before


def is_grad_enabled():
    """False inside `no_grad`."""
    return _thread.recording


def walk_back(last, dy, retain_graph):
    """Carry `dy` from `last` to every leaf it was made from, each step once."""
    order, arrived = order_of(last), {id(last): dy}
    while order:
        node = order.pop()                            # the list lets go: memory is freed on the way
        dy = arrived.pop(id(node), None)
        if dy is None:
            continue
        dy = node._take(dy)
        if node._pull is None:                                        # a leaf
            continue
        parents, shares = node._parents, node._pull(dy)
        if not retain_graph:
            node._parents, node._pull = (), _forgotten
        for parent, share in zip(parents, shares, strict=True):
            if share is not None:
                arrived[id(parent)] = parent._gather(share, arrived.get(id(parent)))


def _forgotten(dy):
    raise GraphError("backward() went this way before and its memory is freed: "
                     "say backward(retain_graph=True) the first time")


def order_of(last):
    """Every step that `last` was made from, each after those it was made from."""
    order, seen, stack = [], set(), [(last, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in node._parents)
    return order


class Hook:
    """A function that sees the gradient of a Tensor, until `remove()`."""

    def __init__(self, tensor, function):
        self.tensor, self.function = tensor, function
        tensor._hooks = (*tensor._hooks, function)

    def remove(self):
        """Take it off again."""
        self.tensor._hooks = tuple(h for h in self.tensor._hooks if h is not self.function)
