"""The graph: the operations that made a result, and whether they are recorded at all.

A node has `_parents`, the nodes it was made from. `_backward_fn` turns its gradient into one for
each parent (None at a leaf). `_accumulate` adds up the gradients that arrive at the node, and
`_receive` is called once with their sum.
"""

from contextlib import ContextDecorator
from threading import local

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import GraphError


class _ThreadState(local):
    """Each thread has its own: evaluation in one thread does not stop training in another."""

    grad_enabled = True


_state = _ThreadState()


class no_grad(ContextDecorator):
    """Record no graph in this thread, inside a `with` block or a decorated function.

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
        self._before = (*getattr(self, "_before", ()), _state.grad_enabled)
        _state.grad_enabled = False

    def __exit__(self, *exception):
        *self._before, _state.grad_enabled = self._before


def is_grad_enabled():
    """False inside `no_grad`."""
    return _state.grad_enabled


def run_backward(root, dy, retain_graph):
    """Carry `dy` from `root` to every leaf it was made from. Each node is visited once."""
    order, gradients = topological_order(root), {id(root): dy}
    while order:
        node = order.pop()                            # nothing else holds it: memory is freed
        dy = gradients.pop(id(node), None)
        if dy is None:
            continue
        dy = node._receive(dy)
        if node._backward_fn is None:                                 # a leaf
            continue
        parents, dxs = node._parents, node._backward_fn(dy)
        if not retain_graph:
            node._parents, node._backward_fn = (), _freed
        for parent, dx in zip(parents, dxs, strict=True):
            if dx is not None:
                gradients[id(parent)] = parent._accumulate(dx, gradients.get(id(parent)))


def _freed(dy):
    raise GraphError("backward() was called here before, which freed the graph: "
                     "call backward(retain_graph=True) the first time")


def topological_order(root):
    """Every node that `root` was made from, each after its parents."""
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in node._parents)
    return order


class HookHandle:
    """A hook on the gradient of a Tensor. `remove()` takes it off."""

    def __init__(self, tensor, hook):
        self.tensor, self.hook = tensor, hook
        tensor._hooks = (*tensor._hooks, hook)

    def remove(self):
        """Take the hook off."""
        self.tensor._hooks = tuple(h for h in self.tensor._hooks if h is not self.hook)
