"""Hooks: see what goes through a module, forward and backward. Grad-CAM is made of them."""

from vidlearn.scratch.core.tensor import Tensor, array_of, lift


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
    passage = _Passage(module, len(inputs))
    if module._backward_hooks:
        inputs, passage.learns = _trap(inputs, passage.at_inputs)
    output = module.forward(*inputs, **options)
    for hook in tuple(module._forward_hooks.values()):
        changed = hook(module, inputs, output)
        output = output if changed is None else changed
    if not module._backward_hooks:
        return output
    outputs, _ = _trap(output if isinstance(output, tuple) else (output,), passage.at_outputs)
    return outputs if isinstance(output, tuple) else outputs[0]


class _Passage:
    """One call of a module: its outputs' gradients come back first, then its inputs'."""

    def __init__(self, module, count):
        self.module, self.count, self.learns = module, count, False

    def at_outputs(self, dys):
        """Remember them; if no input needs a gradient, there is nothing more to wait for."""
        self.grad_output = dys
        if not self.learns:
            self.at_inputs((None,) * self.count)
        return dys

    def at_inputs(self, dxs):
        """Call the hooks; what they return goes on in the place of `dxs`."""
        for hook in tuple(self.module._backward_hooks.values()):
            changed = hook(self.module, dxs, self.grad_output)
            dxs = dxs if changed is None else changed
        return dxs


def _trap(values, see):
    """The values unchanged, but `see` gets the gradients of the Tensors among them, all at once.

    Returns  the values, and whether any of them needs a gradient
    """
    places = [i for i, x in enumerate(values) if isinstance(x, Tensor) and x.requires_grad]

    def backward(dys, cache):
        seen = dict(zip(places, map(Tensor, dys), strict=True))
        changed = see(tuple(seen.get(i) for i in range(len(values))))
        return tuple(array_of(changed[i]) for i in places)

    if not places:
        return values, False
    passed = lift(lambda *xs: (xs, None), backward)(*(values[i] for i in places))
    through = dict(zip(places, passed, strict=True))
    return tuple(through.get(i, x) for i, x in enumerate(values)), True
