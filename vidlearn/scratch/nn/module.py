"""Module: the base class of layers and networks, with parameters, buffers and child modules.

There is no hidden registry: all of these are plain attributes. A Parameter is learned, a Module is
a child, and a buffer, named by `register_buffer`, is saved but not learned.
"""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.checks.kinds import ANYTHING
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.nn import state
from vidlearn.scratch.nn.hooks import HookHandle, call_with_hooks
from vidlearn.scratch.nn.parameter import Parameter
from vidlearn.scratch.numbers.elementwise import as_dtype


class Module:
    """The base class of layers and networks: write `__init__` and `forward`, call it as a function.

    Twin     torch.nn.Module
    """

    def __init__(self):
        self.training = True
        self._buffer_names = {}                      # name -> whether it is saved
        self._forward_hooks, self._backward_hooks = {}, {}

    def __setattr__(self, name, value):
        """Refuse to replace a Parameter by a plain Tensor, which would not be learned or saved."""
        own = type(self).__name__
        if isinstance(value, (Module, Parameter)) and "_buffer_names" not in vars(self):
            raise AttributeError(f"{own}.__init__ must call super().__init__() before self.{name}")
        wanted = Parameter if isinstance(vars(self).get(name), Parameter) else \
            Tensor if name in vars(self).get("_buffer_names", ()) else None
        if wanted and not isinstance(value, (wanted, type(None))):
            raise ArgumentError(f"{own}: {name} must be a {wanted.__name__} or None, not "
                                f"{type(value).__name__}")
        super().__setattr__(name, value)

    def forward(self, *inputs):
        """Compute the output; every module implements its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *inputs, **options):
        if "_buffer_names" not in vars(self):
            raise AttributeError(f"{type(self).__name__}.__init__ must call super().__init__()")
        if self._forward_hooks or self._backward_hooks:
            return call_with_hooks(self, inputs, options)
        return self.forward(*inputs, **options)

    # Children, parameters and buffers, as iterators. Each comes once, under its first name.

    def _items(self):
        """(name, module) for the modules among the attributes; one with two names comes twice."""
        return [(name, x) for name, x in vars(self).items() if isinstance(x, Module)]

    def named_children(self):
        """(name, module) for the modules that are attributes of this one."""
        return state.unique(self._items())

    def children(self):
        """The modules that are attributes of this one."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix=""):
        """(path, module) for this module, its children, their children, and so on."""
        return state.unique(state.named_modules(self, prefix))

    def modules(self):
        """This module and everything below it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self, prefix="", recurse=True):
        """(path, Parameter) for the parameters of this module and of all below it."""
        return state.unique(state.named_parameters(self, prefix, recurse))

    def parameters(self, recurse=True):
        """The parameters of this module and of all below it, for an optimizer."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix="", recurse=True):
        """(path, Tensor) for the buffers: state that is saved but not learned."""
        return state.unique(state.named_buffers(self, prefix, recurse))

    def buffers(self, recurse=True):
        """The buffers: state that is saved but not learned."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def register_buffer(self, name, tensor: ANYTHING, persistent=True):
        """Add a buffer: state that is saved but not learned, such as a running mean.

        Without `persistent` it is not saved, either: a table that `__init__` can compute anew.
        """
        if tensor is not None and not isinstance(tensor, Tensor):
            raise ArgumentError(f"register_buffer: {name}: tensor must be a Tensor or None, not "
                                f"{type(tensor).__name__}")
        setattr(self, name, tensor)
        self._buffer_names[name] = persistent

    def register_parameter(self, name, param: ANYTHING):
        """Set a parameter by its name; None reserves the name."""
        if param is not None and not isinstance(param, Parameter):
            raise ArgumentError(f"register_parameter: {name}: param must be a Parameter or None, "
                                f"not {type(param).__name__}")
        setattr(self, name, param)

    def add_module(self, name, module):
        """Set a child module by its name.

        Raises   KeyError if the name is that of another attribute, ArgumentError if `module` is
                 not a Module
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

    # Changes of this module and all below it; each returns the module itself.

    def apply(self, fn):
        """Call `fn` on every module below this one, then on this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        """Switch to training mode: dropout drops numbers, batch norm uses the batch."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Switch to evaluation mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        """Make every parameter require a gradient, or freeze it."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        """Clear the gradients of all parameters."""
        for parameter in self.parameters():
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad.data[...] = 0

    def to(self, *args, dtype=None):
        """Convert all floating-point parameters and buffers to `dtype`. "cpu" changes nothing."""
        for asked in args:
            if str(asked) == "cpu":
                continue
            try:
                dtype = as_dtype(asked)
            except TypeError as error:
                raise UnsupportedOption(f"to({asked!r:.60}): only 'cpu' and dtypes such as "
                                        "scratch.float64 are implemented") from error
        dtype = dtype if dtype is None else as_dtype(dtype)
        for tensor in (*self.parameters(), *self.buffers()):
            if dtype is not None and tensor.dtype.kind == "f":
                tensor.data = tensor.data.astype(dtype)
                tensor.grad = None
        return self

    def double(self):
        """Convert to float64."""
        return self.to(np.float64)

    def float(self):
        """Convert to float32."""
        return self.to(np.float32)

    # Saving and loading.

    def state_dict(self):
        """Parameters and buffers by path, under torch's names; they share the module's memory."""
        return {path: Tensor(tensor.data) for path, tensor in state.named_state(self)}

    def load_state_dict(self, state_dict, strict=True):
        """Copy values into parameters and buffers, from Tensors, arrays or torch tensors.

        Returns  the missing and the unexpected keys
        Raises   StateError that lists the shapes that differ and, if `strict`, these keys
        """
        return state.load(self, state_dict, strict)

    # Hooks and printing.

    def register_forward_hook(self, hook):
        """Call `hook(module, inputs, output)` after forward; what it returns replaces the output.
        """
        return HookHandle(self._forward_hooks, hook)

    def register_full_backward_hook(self, hook):
        """Call `hook(module, grad_input, grad_output)` in the backward pass."""
        return HookHandle(self._backward_hooks, hook)

    def extra_repr(self):
        """The options that `repr` prints in parentheses."""
        return ""

    def __repr__(self):
        extra = self.extra_repr()
        children = [f"({name}): " + repr(child).replace("\n", "\n  ")
                    for name, child in self._items()]
        if not children:
            return f"{type(self).__name__}({extra})"
        lines = [extra] * bool(extra) + children
        return "\n  ".join([f"{type(self).__name__}(", *lines]) + "\n)"
