"""Arrays by name and facts about them in one file: weights, or the state of a training run.

The format is safetensors: a JSON header, then the numbers. Reading a file runs no code from it. A
checksum over the facts and the numbers detects damage, down to a single flipped bit.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors

from vidlearn.files import atomic

KEY, CHECK = "vidlearn", "sha256"
MOST_FAULTS = 3              # named in one message


class WeightsError(ValueError):
    """A file of weights cannot be read, or does not hold what was expected."""


def write(path, arrays, facts):
    """Write arrays, and a dict that JSON can hold; an older file stays until all is written.

    Raises   OSError that names the file
    """
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    facts = facts | {CHECK: _checksum(arrays, facts)}
    atomic.write(path, safetensors.save(arrays, {KEY: json.dumps(facts)}))


def read(path):
    """Read the arrays and the facts of a file that `write` wrote.

    Raises   WeightsError if the file is missing, damaged, not in the safetensors format, or written
             by another program
    """
    if not Path(path).is_file():
        raise WeightsError(f"{path} is a folder, not a file of weights" if Path(path).is_dir() else
                           f"there is no file {path}")
    try:
        with safe_open(path, "np") as file:
            text = (file.metadata() or {}).get(KEY)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is damaged, or not a safetensors file: {error}") from error
    except (TypeError, ValueError, AttributeError, MemoryError) as error:
        raise WeightsError(f"{path} holds arrays of a type that NumPy lacks: {error}") from error
    if text is None:
        raise WeightsError(f"{path} holds weights without vidlearn's header: "
                           "another program wrote it")
    return arrays, _facts(path, arrays, text)


def misfits(wanted, found):
    """Say in one line how arrays differ from those a network needs; "" if they fit."""
    faults = [f"{name} is missing" for name in wanted if name not in found]
    for name, array in found.items():
        if name not in wanted:
            faults.append(f"{name} is not part of the network")
        elif array.shape != wanted[name].shape:
            faults.append(f"{name} is {array.shape}, not {wanted[name].shape}")
        elif array.dtype.kind != wanted[name].dtype.kind:
            faults.append(f"{name} is {array.dtype}, not {wanted[name].dtype}")
    more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
    return "; ".join(faults[:MOST_FAULTS]) + more


def _facts(path, arrays, text):
    try:
        facts = json.loads(text)
        if not isinstance(facts, dict):
            return facts
        stored = facts.pop(CHECK, None)               # files of earlier versions have none
        same = stored is None or stored == _checksum(arrays, facts)
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{path}: its header is not JSON: {error}") from error
    if not same:
        raise WeightsError(f"{path} is damaged: its checksum does not match its content")
    return facts


def _checksum(arrays, facts):
    digest = hashlib.sha256(json.dumps(facts).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
