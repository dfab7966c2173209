"""A public function looks at its arguments first, as its signature says: `@checked`."""

from functools import wraps
from inspect import Parameter, isclass, isfunction, signature
from itertools import chain, repeat

from vidlearn.checks import words
from vidlearn.checks.axes import fit
from vidlearn.checks.kinds import ANYTHING, TABLE, Kind, whole


def checked(thing, table=None):
    """Let a function, or a class's constructor and public methods, look at their arguments first.

    The kind of an argument is its annotation, or else what `table` has for its name or the type of
    its default (`kinds.TABLE` if none is given). A default of None lets None through. An error from
    inside goes on as it is, with a note that says in which call it came up.

    Raises   (the function does) ArgumentError that names the argument, its kind and what came
    """
    if not isclass(thing):
        return thing if hasattr(thing, "is_checked") else _checked(thing, table)
    for name, method in list(vars(thing).items()):
        if isfunction(method) and (name == "__init__" or not name.startswith("_")):
            setattr(thing, name, checked(method, table))
    return thing


def kind_of(parameter, table=None):
    """The kind of a parameter: as annotated, or else by its name or its default, or ANYTHING.

    `table` maps names, and types of defaults, to kinds; by default TABLE.
    """
    name, default, kind = parameter.name, parameter.default, parameter.annotation
    table = TABLE if table is None else table
    if not isinstance(kind, Kind):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            return ANYTHING
        by_default = table.get(type(default))
        kind = by_default if default is True or default is False else table.get(name, by_default)
        if kind is None:
            kind = whole(min(default, 1)) if type(default) is int else ANYTHING
    return kind.or_none() if default is None or default == "" else kind


def _checked(function, table):
    door = _Door(function, table)
    at_once, is_open = door.at_once, not door.asks_rest and not door.axes

    @wraps(function)
    def at_the_door(*given, **options):
        for value, (types, right) in zip(given, at_once):  # noqa: B905  (strict=False costs 2 %)
            if type(value) not in types and not right(value):
                given = door.look(given)
                break
        if options or not is_open:
            given = door.look_further(given, options)
        try:
            return function(*given, **options)
        except Exception as error:
            error.add_note("in " + words.call(door.where(given), door.named(given, options)))
            raise
    at_the_door.is_checked, at_the_door.__signature__ = True, door.signature
    return at_the_door


class _Door:
    """What the arguments of a function must be."""

    def __init__(self, function, table):
        self.function, self.signature = function, signature(function)
        found = {p.name: kind_of(p, table) for p in self.signature.parameters.values()}
        self.kinds, self.names, self.rest, self.asks_rest = found, [], "*", False
        for p in self.signature.parameters.values():
            if p.kind <= Parameter.POSITIONAL_OR_KEYWORD:
                self.names.append(p.name)
            elif p.kind is Parameter.VAR_POSITIONAL:
                self.rest, self.asks_rest = p.name, found[p.name] is not ANYTHING
        count = 1 + max((i for i, name in enumerate(self.names) if found[name].placed), default=-1)
        self.placed = self.names[:count]
        self.at_once = [(found[name].types, found[name].right) for name in self.names]
        self.axes = {name: kind.axes for name, kind in found.items() if kind.axes}
        self.signature = self.signature.replace(parameters=[
            p if found[p.name] is ANYTHING else p.replace(annotation=found[p.name])
            for p in self.signature.parameters.values()])

    def where(self, given):
        """The function as a message names it: with the class whose method it is."""
        name = self.function.__name__
        if self.names[:1] != ["self"]:
            return name
        owner = type(given[0]).__name__
        return owner if name == "__init__" else f"{owner}.{name}"

    def look(self, given):
        """The arguments in their places, each as its kind takes it."""
        taken = [self.taken(name, value, given)
                 for name, value in zip(self.names, given)]                      # noqa: B905
        return [*taken, *given[len(taken):]]

    def look_further(self, given, options):
        """The same of arguments by name, which are changed where they lie, and of further ones."""
        for name, value in options.items():
            if self.kinds.get(name, ANYTHING) is not ANYTHING:
                options[name] = self.taken(name, value, given)
        for name in self.placed[len(given):]:
            if name not in options:
                break
            given = [*given, options.pop(name)]
        if self.asks_rest:
            count = len(self.names)
            given = [*given[:count], *(self.taken(self.rest, x, given) for x in given[count:])]
        if self.axes:
            arguments = self.signature.bind(*given, **options).arguments
            fit(self.where(given), self.axes, arguments)
        return given

    def taken(self, name, value, given):
        """An argument as its kind takes it."""
        kind = self.kinds[name]
        if type(value) in kind.types or kind.right(value):
            return value
        return kind.look(value, f"{self.where(given)}: {name}")

    def named(self, given, options):
        """(argument, value) pairs of a call, as a note names them."""
        names = chain(self.names, repeat(self.rest))
        pairs = [*zip(names, given), *options.items()]                           # noqa: B905
        return [(name, value) for name, value in pairs if name != "self"]
