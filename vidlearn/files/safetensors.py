"""Arrays by name and the facts about them in one file: weights, or a training that goes on.

The format is safetensors: a header of JSON, then the numbers. Reading it runs nothing that is in
it. A checksum over the facts and the numbers tells a file in which a bit has turned.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors

from vidlearn.files import atomic

KEY, CHECK = "vidlearn", "sha256"
TOLD = 3                     # faults named in one message


class WeightsError(ValueError):
    """A file of weights cannot be read, or does not hold what is asked of it."""


def write(path, arrays, facts):
    """Write arrays and a dict of JSON's kinds, all or nothing: a file that was there stays so long.

    Raises   OSError that names the file
    """
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    facts = facts | {CHECK: _checksum(arrays, facts)}
    atomic.write(path, safetensors.save(arrays, {KEY: json.dumps(facts)}))


def read(path):
    """The arrays and the facts of a file that `write` wrote.

    Raises   WeightsError if it is not there, no safetensors file, damaged, or another program's
    """
    if not Path(path).is_file():
        raise WeightsError(f"{path} is a folder, no file of weights" if Path(path).is_dir() else
                           f"there is no file {path}")
    try:
        with safe_open(path, "np") as file:
            text = (file.metadata() or {}).get(KEY)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as wrong:
        raise WeightsError(f"{path} is damaged, or no safetensors file: {wrong}") from None
    except (TypeError, ValueError, AttributeError, MemoryError) as wrong:
        raise WeightsError(f"{path} holds arrays that NumPy has no type for: {wrong}") from None
    if text is None:
        raise WeightsError(f"{path} holds weights without vidlearn's header: "
                           "another program wrote it")
    return arrays, _facts(path, arrays, text)


def misfits(wanted, found):
    """In one line, how named arrays differ from those a network wants; "" if they can be taken."""
    faults = [f"{name} is missing" for name in wanted if name not in found]
    for name, array in found.items():
        if name not in wanted:
            faults.append(f"{name} is none of the network's")
        elif array.shape != wanted[name].shape:
            faults.append(f"{name} is {array.shape}, not {wanted[name].shape}")
        elif array.dtype.kind != wanted[name].dtype.kind:
            faults.append(f"{name} is {array.dtype}, not {wanted[name].dtype}")
    more = f"; and {len(faults) - TOLD} more" if len(faults) > TOLD else ""
    return "; ".join(faults[:TOLD]) + more


def _facts(path, arrays, text):
    try:
        facts = json.loads(text)
        if not isinstance(facts, dict):
            return facts
        said = facts.pop(CHECK, None)                 # files of earlier versions have none
        same = said is None or said == _checksum(arrays, facts)
    except (ValueError, RecursionError) as wrong:
        raise WeightsError(f"{path}: its header is not JSON: {wrong}") from None
    if not same:
        raise WeightsError(f"{path} is damaged: its checksum is not that of what it holds")
    return facts


def _checksum(arrays, facts):
    digest = hashlib.sha256(json.dumps(facts).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
