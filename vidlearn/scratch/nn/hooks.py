"""Hooks on a module: functions called in its forward or backward pass, as Grad-CAM needs them."""

from vidlearn.scratch.core.tensor import Tensor, array_of, lift


class HookHandle:
    """A hook on a module. `remove()` takes it off."""

    def __init__(self, hooks, hook):
        self.hooks = hooks
        hooks[self] = hook

    def remove(self):
        """Take the hook off."""
        self.hooks.pop(self, None)


def call_with_hooks(module, inputs, options):
    """Call `module.forward` and the forward hooks; record the gradients for the backward hooks."""
    call = _BackwardCall(module, len(inputs))
    if module._backward_hooks:
        inputs, call.inputs_need_grad = _intercept(inputs, call.at_inputs)
    output = module.forward(*inputs, **options)
    for hook in tuple(module._forward_hooks.values()):
        changed = hook(module, inputs, output)
        output = output if changed is None else changed
    if not module._backward_hooks:
        return output
    outputs, _ = _intercept(output if isinstance(output, tuple) else (output,), call.at_outputs)
    return outputs if isinstance(output, tuple) else outputs[0]


class _BackwardCall:
    """The backward pass of one call: the gradients of the outputs arrive first, then the inputs'.
    """

    def __init__(self, module, count):
        self.module, self.count, self.inputs_need_grad = module, count, False

    def at_outputs(self, dys):
        """Keep the gradients of the outputs. If no input needs one, call the hooks now."""
        self.grad_output = dys
        if not self.inputs_need_grad:
            self.at_inputs((None,) * self.count)
        return dys

    def at_inputs(self, dxs):
        """Call the hooks; what they return replaces `dxs`."""
        for hook in tuple(self.module._backward_hooks.values()):
            changed = hook(self.module, dxs, self.grad_output)
            dxs = dxs if changed is None else changed
        return dxs


def _intercept(values, on_gradients):
    """The values unchanged; their backward pass calls `on_gradients` with all their gradients.

    Returns  the values, and whether any of them needs a gradient
    """
    positions = [i for i, x in enumerate(values) if isinstance(x, Tensor) and x.requires_grad]

    def backward(dys, cache):
        gradients = dict(zip(positions, map(Tensor, dys), strict=True))
        changed = on_gradients(tuple(gradients.get(i) for i in range(len(values))))
        return tuple(array_of(changed[i]) for i in positions)

    if not positions:
        return values, False
    passed = lift(lambda *xs: (xs, None), backward)(*(values[i] for i in positions))
    replaced = dict(zip(positions, passed, strict=True))
    return tuple(replaced.get(i, x) for i, x in enumerate(values)), True
