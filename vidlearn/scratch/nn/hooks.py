"""Hooks: see what goes through a module, forward and backward. Grad-CAM is made of them."""

from vidlearn.scratch.tensor import Tensor, lift


class Handle:
    """A hook that hangs on a module until `remove()`."""

    def __init__(self, hooks, hook):
        self.hooks = hooks
        hooks[self] = hook

    def remove(self):
        """Take the hook off."""
        self.hooks.pop(self, None)


def call_with_hooks(module, inputs, options):
    """Call `module.forward`, show it to the forward hooks, and lay traps for the gradients."""
    passage = _Passage(module, inputs) if module._backward_hooks else None
    if passage:
        inputs = passage.enter(inputs)
    output = module.forward(*inputs, **options)
    for hook in tuple(module._forward_hooks.values()):
        changed = hook(module, inputs, output)
        output = output if changed is None else changed
    return passage.leave(output) if passage else output


class _Passage:
    """One call of a module: a trap before it and one behind it see the gradients come back."""

    def __init__(self, module, inputs):
        self.module, self.count = module, len(inputs)
        self.open = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]

    def enter(self, inputs):
        """The inputs, with a trap behind those that need a gradient."""
        inputs = list(inputs)
        trapped = _trap([inputs[i] for i in self.open], self._at_inputs) if self.open else ()
        for i, x in zip(self.open, trapped, strict=True):
            inputs[i] = x
        return tuple(inputs)

    def leave(self, output):
        """The output, with a trap behind it."""
        if isinstance(output, tuple):
            return _trap(output, self._at_outputs)
        return _trap([output], self._at_outputs)[0]

    def _at_outputs(self, dys):
        self.grad_output = tuple(Tensor(dy) for dy in dys)
        if not self.open:                                # nothing before this module learns
            self._call_hooks((None,) * self.count)
        return dys

    def _at_inputs(self, dxs):
        grad_input = [None] * self.count
        for i, dx in zip(self.open, dxs, strict=True):
            grad_input[i] = Tensor(dx)
        changed = self._call_hooks(tuple(grad_input))
        return tuple(changed[i].data for i in self.open)

    def _call_hooks(self, grad_input):
        for hook in tuple(self.module._backward_hooks.values()):
            changed = hook(self.module, grad_input, self.grad_output)
            grad_input = grad_input if changed is None else changed
        return grad_input


def _trap(tensors, see):
    """The tensors unchanged; `see` gets all their gradients at once, and gives those that go on."""
    return lift(lambda *xs: (xs, None), lambda dys, cache: see(dys))(*tensors)
