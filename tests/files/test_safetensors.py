"""Files of arrays: a flipped bit is found, and a hostile file runs no code and crashes nothing."""

import json
import os
import pickle
import struct
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from vidlearn.engine import Engine
from vidlearn.files import safetensors
from vidlearn.files.safetensors import WeightsError, misfits
from vidlearn.inference import weights
from vidlearn.inference.weights import Header
from vidlearn.training import checkpoint

HEADER = Header("mean_frames", ("go", "stop"), 4, (16, 16), {"width": 1, "features": 2})
STATE = {"step": 3, "left": [1.5, None, {"a": np.arange(3.0)}], 7: np.zeros((0, 2))}


@pytest.fixture(params=["classifier", "checkpoint"])
def kept(request, tmp_path):
    """A small file of each kind, and the function that reads it."""
    path = tmp_path / "a.safetensors"
    if request.param == "checkpoint":
        checkpoint.save(path, Engine("scratch"), STATE)
        return path, lambda: _plain(checkpoint.load(path, Engine("scratch")))
    engine = Engine("scratch")
    engine.seed(1)
    weights.save(path, HEADER.build(engine.nn), HEADER, engine)

    def read():
        found = weights.load(path, engine)
        return found.header, _plain(found.model.state_dict())
    return path, read


def _plain(value):
    """Tensors as bytes, so that == compares."""
    if isinstance(value, dict):
        return {key: _plain(x) for key, x in value.items()}
    if isinstance(value, list):
        return [_plain(x) for x in value]
    return value.numpy().tobytes() if hasattr(value, "numpy") else value


def test_a_flipped_bit_is_found_anywhere(kept):
    path, read = kept
    data, whole, caught = path.read_bytes(), read(), 0
    rng = np.random.default_rng(0)
    places = sorted({*range(8), *rng.integers(len(data), size=500)})
    for place in places:
        spoiled = bytearray(data)
        spoiled[place] ^= 1 << rng.integers(8)
        path.write_bytes(spoiled)
        try:
            assert read() == whole                    # it did not matter, as among blanks
        except WeightsError as error:
            assert str(path) in str(error)
            caught += 1
    assert caught > 0.9 * len(places)


def test_a_file_that_is_cut_is_refused(kept):
    path, read = kept
    data = path.read_bytes()
    for length in (0, 1, 7, 8, 9, 100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(WeightsError, match="a.safetensors is damaged"):
            read()
    path.write_bytes(data + b"more")
    with pytest.raises(WeightsError, match="a.safetensors is damaged"):
        read()


@pytest.mark.parametrize("content", [
    b"PK\3\4" + bytes(99), b"\x89PNG\r\n\x1a\n" + bytes(99), b"GIF89a" + bytes(99),
    "一个文件".encode() * 9, pickle.dumps({"model": 1}), bytes(1000), b"\xff" * 1000,
], ids=["zip", "png", "gif", "text", "pickle", "zeros", "ones"])
def test_another_file_type_is_refused(kept, content):
    path, read = kept
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="a.safetensors is damaged, or not a safetensors file"):
        read()


def test_a_folder_is_refused(kept):
    path, read = kept
    path.unlink()
    path.mkdir()
    with pytest.raises(WeightsError, match="a.safetensors is a folder"):
        read()


def test_a_file_without_a_checksum_is_of_an_earlier_version(tmp_path):
    (tmp_path / "a").write_bytes(save({"x": np.ones(2)}, {"vidlearn": '{"kind": "old"}'}))
    found, facts = safetensors.read(tmp_path / "a")
    assert facts == {"kind": "old"} and found["x"].tolist() == [1, 1]


def _file(head, data=b""):
    head = json.dumps(head).encode()
    return struct.pack("<Q", len(head)) + head + data


def _one(dtype="F32", shape=(1,), offsets=(0, 4), **facts):
    return _file({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}, **facts}, b"1234")


def _said(text):
    """A file whose facts are this text."""
    return save({"a": np.ones(1)}, {"vidlearn": text})


HOSTILE = {
    "a header of 2**63 bytes": struct.pack("<Q", 2**63) + b"{}",
    "a shape of 2**124 numbers": _one(shape=[2**62, 2**62]),
    "none times 2**62 numbers": _one(shape=[0, 2**62], offsets=(0, 0)),
    "a negative shape": _one(shape=[-1]),
    "numbers beyond the end": _one(shape=[2**40], offsets=(0, 2**42)),
    "numbers that end before they begin": _one(offsets=(4, 0)),
    "a type nobody knows": _one(dtype="X9"),
    "a type of pickles": _one(dtype="O"),
    "a type NumPy does not know": _one(dtype="BF16", shape=[2]),
    "another such type": _one(dtype="F8_E4M3", shape=[4]),
    "facts that are no text": _one(__metadata__={"vidlearn": 3}),
    "unknown keys": _one(surprise={"run": "me"}),
    "a list as header": _file([1]),
    "facts nested 100,000 deep": _said("[" * 100_000),
    "objects nested 100,000 deep": _said('{"kind":' * 100_000),
    "a number of 5,000 digits": _said("1" * 5000),
    "20 MB of facts": _said('{"kind": "classifier", "classes": "' + "x" * 20_000_000 + '"}'),
    "facts that are no object": _said('"run me"'),
    "a checksum that is none": _said('{"kind": "classifier", "sha256": ["x"]}'),
    "a state that is none": _said('{"kind": "checkpoint"}'),
    "a state of unhashable keys": _said('{"kind": "checkpoint", "state": {"dict": [[[], 1]]}}'),
    "a state of missing arrays": _said('{"kind": "checkpoint", "state": {"tensor": "b"}}'),
    "a state 900 deep": _said('{"kind": "checkpoint", "state": ' + "[" * 900 + "]" * 900 + "}"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_by_both_readers(what, tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(HOSTILE[what])
    with pytest.raises(WeightsError, match="a.safetensors") as caught:
        weights.load(path, "scratch")
    assert len(str(caught.value)) < 1000
    if what != "a state 900 deep":                    # odd, but nothing is wrong with it
        with pytest.raises(WeightsError, match="a.safetensors"):
            checkpoint.load(path, Engine("scratch"))


class Evil:
    """What torch.load would run."""

    def __reduce__(self):
        return os.system, ("touch evil",)


READ = """
import sys
from vidlearn.files import safetensors as arrays
from vidlearn.training import checkpoint
from vidlearn.inference import weights
from vidlearn.engine import Engine

engine, files = Engine("scratch"), sys.argv[1:]
weights.load("good.safetensors", engine)                 # all that is ours is imported by now
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.split(".")[0] in (
    "exec", "compile", "import", "pickle", "os", "subprocess", "socket", "ctypes", "code",
    "marshal", "shutil") else None)
weights.load("good.safetensors", engine)
for path in files:
    for read in weights.load, checkpoint.load:
        try:
            read(path, engine)
        except arrays.WeightsError as error:
            print(path, "refused", flush=True)
print("ran", *sorted(set(seen)))
"""


def test_reading_runs_no_code_from_a_file(tmp_path):
    engine = Engine("scratch")
    weights.save(tmp_path / "good.safetensors", HEADER.build(engine.nn), HEADER, engine)
    (tmp_path / "pickled.safetensors").write_bytes(pickle.dumps(Evil()))
    torch.save({"state_dict": Evil()}, tmp_path / "saved.safetensors")
    np.save(tmp_path / "array.npy", np.array([Evil()]), allow_pickle=True)
    (tmp_path / "array.npy").rename(tmp_path / "array.safetensors")
    called = {"kind": "classifier", "model": "os.system", "classes": ["touch evil"]}
    (tmp_path / "named.safetensors").write_bytes(_said(json.dumps(called)))
    names = [f"{name}.safetensors" for name in ("pickled", "saved", "array", "named")]
    done = subprocess.run([sys.executable, "-c", READ, *names], capture_output=True, text=True,
                          cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(f"{name} refused\n" * 2 for name in names) + "ran\n"
    assert not (tmp_path / "evil").exists()
    subprocess.run([sys.executable, "-m", "pickle", "pickled.safetensors"], cwd=tmp_path)
    assert (tmp_path / "evil").exists()               # the bait is live: a reader of pickles bites


@pytest.mark.parametrize("found, says", [
    ({"a": np.ones(2, np.float16), "n": np.array(1)}, ""),
    ({"a": np.ones(3), "n": np.array(1)}, "a is (3,), not (2,)"),
    ({"a": np.ones(2)}, "n is missing"),
    ({"a": np.ones(2, np.int8), "n": np.array(1)}, "a is int8, not float32"),
    ({"a": np.ones(2, complex), "n": np.array(1)}, "a is complex128, not float32"),
    ({"a": np.ones(2), "n": np.array(1), "b": np.ones(1)}, "b is not part of the network"),
    ({str(i): np.ones(1) for i in range(9)}, "a is missing; n is missing; 0 is not part of "
                                            "the network; and 8 more"),
])
def test_misfits_name_what_does_not_fit(found, says):
    assert misfits({"a": np.ones(2, np.float32), "n": np.array(1)}, found) == says
