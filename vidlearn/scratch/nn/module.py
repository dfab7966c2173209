"""Module: a part of a network. It owns parameters, buffers and other modules, each by a name.

There is no hidden registry: what a module owns are its attributes. A Parameter among them is
learned, a Module is a child, and what `register_buffer` names is saved but not learned.
"""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.checks.kinds import ANYTHING
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.nn import state
from vidlearn.scratch.nn.hooks import Handle, call_with_hooks
from vidlearn.scratch.nn.parameter import Parameter
from vidlearn.scratch.numbers.elementwise import dtype_of


class Module:
    """The base of every layer and network: write `__init__` and `forward`, call it like a function.

    Twin     torch.nn.Module
    """

    def __init__(self):
        self.training = True
        self._buffer_names = []
        self._forward_hooks, self._backward_hooks = {}, {}

    def __setattr__(self, name, value):
        """Refuse what would be forgotten without a word: a plain Tensor in a Parameter's place."""
        kind = type(self).__name__
        if isinstance(value, (Module, Parameter)) and "_buffer_names" not in vars(self):
            raise AttributeError(f"{kind}.__init__ must call super().__init__() before self.{name}")
        wanted = Parameter if isinstance(vars(self).get(name), Parameter) else \
            Tensor if name in vars(self).get("_buffer_names", ()) else None
        if wanted and not isinstance(value, (wanted, type(None))):
            raise ArgumentError(f"{kind}: {name} must be a {wanted.__name__} or None, not "
                                f"{type(value).__name__}")
        super().__setattr__(name, value)

    def forward(self, *inputs):
        """What the module does; every module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *inputs, **options):
        if "_buffer_names" not in vars(self):
            raise AttributeError(f"{type(self).__name__}.__init__ must call super().__init__()")
        if self._forward_hooks or self._backward_hooks:
            return call_with_hooks(self, inputs, options)
        return self.forward(*inputs, **options)

    # What it owns, as iterators. Each item comes once, under the first of its names.

    def _items(self):
        """(name, module) for the modules among the attributes; one with two names comes twice."""
        return [(name, x) for name, x in vars(self).items() if isinstance(x, Module)]

    def named_children(self):
        """(name, module) for the modules that are attributes of this one."""
        return state.once(self._items())

    def children(self):
        """The modules that are attributes of this one."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix=""):
        """(path, module) for this module, its children, their children, and so on."""
        return state.once(state.walk(self, prefix))

    def modules(self):
        """This module and everything below it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self, prefix="", recurse=True):
        """(path, Parameter) for all that is learned here and below."""
        return state.once(state.parameters(self, prefix, recurse))

    def parameters(self, recurse=True):
        """All that is learned here and below: what an optimiser takes."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix="", recurse=True):
        """(path, Tensor) for the state that is saved but not learned."""
        return state.once(state.buffers(self, prefix, recurse))

    def buffers(self, recurse=True):
        """The state that is saved but not learned."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def register_buffer(self, name, tensor: ANYTHING):
        """Own `tensor` as state that is saved but not learned, such as a running mean."""
        if tensor is not None and not isinstance(tensor, Tensor):
            raise ArgumentError(f"register_buffer: {name}: tensor must be a Tensor or None, not "
                                f"{type(tensor).__name__}")
        setattr(self, name, tensor)
        self._buffer_names.append(name)

    def register_parameter(self, name, param: ANYTHING):
        """Own `param` under a name made by a program; None keeps the name free."""
        if param is not None and not isinstance(param, Parameter):
            raise ArgumentError(f"register_parameter: {name}: param must be a Parameter or None, "
                                f"not {type(param).__name__}")
        setattr(self, name, param)

    def add_module(self, name, module):
        """Own `module` under a name made by a program.

        Raises   KeyError if the name means something else already, TypeError if it is no module
        """
        if not isinstance(module, Module) and module is not None:
            raise ArgumentError(f"{type(self).__name__}: {name} must be a Module, not "
                                f"{type(module).__name__}: {module!r:.60}")
        if hasattr(self, name) and not isinstance(getattr(self, name), Module):
            raise KeyError(f"attribute {name!r} already exists")
        setattr(self, name, module)

    def get_submodule(self, target):
        """The module at a path such as "features.0"."""
        module = self
        for name in filter(None, str(target).split(".")):
            module = getattr(module, name, None)
            if not isinstance(module, Module):
                raise AttributeError(f"{type(self).__name__}: target {target!r:.60}: there is no "
                                     f"module {name!r:.60}")
        return module

    # Changing everything below at once; each returns the module itself.

    def apply(self, fn):
        """Call `fn` on every module below, then on this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        """Behave as in training: dropout drops, batch norm looks at the batch."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Behave as after training."""
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        """Learn, or freeze, every parameter."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        """Forget the gradients that have been added up."""
        for parameter in self.parameters():
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad.data[...] = 0

    def to(self, *args, dtype=None):
        """Turn all floating-point parameters and buffers into `dtype`; "cpu" is where they are."""
        for asked in args:
            if str(asked) == "cpu":
                continue
            try:
                dtype = dtype_of(asked)
            except TypeError:
                raise UnsupportedOption(f"to({asked!r:.60}): by hand there are only 'cpu' and "
                                        "dtypes such as scratch.float64") from None
        dtype = dtype if dtype is None else dtype_of(dtype)
        for tensor in (*self.parameters(), *self.buffers()):
            if dtype is not None and tensor.dtype.kind == "f":
                tensor.data = tensor.data.astype(dtype)
                tensor.grad = None
        return self

    def double(self):
        """Turn into float64."""
        return self.to(np.float64)

    def float(self):
        """Turn into float32."""
        return self.to(np.float32)

    # State: saving and loading.

    def state_dict(self):
        """Parameters and buffers by path, under torch's names, in shared memory."""
        return {path: Tensor(tensor.data) for path, tensor in state.everything(self)}

    def load_state_dict(self, state_dict, strict=True):
        """Copy values in, by path, from Tensors, arrays or torch's tensors.

        Returns  the keys that were missing and those that were unexpected
        Raises   RuntimeError that lists shapes that differ and, if `strict`, the keys
        """
        return state.load(self, state_dict, strict)

    # Looking in.

    def register_forward_hook(self, hook):
        """Call `hook(module, inputs, output)` after forward; what it returns goes on."""
        return Handle(self._forward_hooks, hook)

    def register_full_backward_hook(self, hook):
        """Call `hook(module, grad_input, grad_output)` when gradients have come back."""
        return Handle(self._backward_hooks, hook)

    def extra_repr(self):
        """What a layer says about itself between its brackets."""
        return ""

    def __repr__(self):
        extra = self.extra_repr()
        children = [f"({name}): " + repr(child).replace("\n", "\n  ")
                    for name, child in self._items()]
        if not children:
            return f"{type(self).__name__}({extra})"
        lines = [extra] * bool(extra) + children
        return "\n  ".join([f"{type(self).__name__}(", *lines]) + "\n)"
