"""What train and classify advise for a bad film or folder can be done with train and classify."""

import inspect
import pkgutil
import re
from importlib import import_module

import cv2
import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

import vidlearn.datasets
import vidlearn.inference
import vidlearn.training
import vidlearn.video
from tests.cli.command import TRAIN
from tools import numbered_frames
from vidlearn import video
from vidlearn.cli import main
from vidlearn.cli.errors import ADVICE
from vidlearn.datasets.cache import Cache
from vidlearn.engine import Engine
from vidlearn.inference import weights
from vidlearn.inference.weights import Header
from vidlearn.video.errors import NOT_STRICT

PROGRAM = re.compile(r'python -c ".*?"|ffmpeg .*? out\.webm')       # a whole line for the shell
ARGUMENT = re.compile(r"(?<![-\w])[a-z_]+=(?!=)|\b\w+\(\)|\w+\.\w+\(")
OPTION = re.compile(r"(?<![-\w])--[a-z][-a-z]*")


def classes():
    """The names of all classes that a reader of films or of folders might be told of."""
    for room in (vidlearn.video, vidlearn.datasets, vidlearn.inference, vidlearn.training):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            things = vars(import_module(module.name)).values()
            yield from (thing.__name__ for thing in things
                        if inspect.isclass(thing) and thing.__module__.startswith("vidlearn"))


LIBRARY = re.compile(rf"\b({'|'.join(sorted(set(classes())))})\b|vidlearn\.[a-z]|\bvideo\.[a-z]")


def cut(data):
    return data[:len(data) * 7 // 10]


def blank(data):
    """Zeros for all JPEGs."""
    return re.sub(rb"\xff\xd8\xff.*?\xff\xd9", lambda found: bytes(len(found[0])), data,
                  flags=re.DOTALL)


def holed(data):
    """Zeros for one packet of AVI."""
    at = [found.end() for found in re.finditer(b"00dc(?=....\xff\xd8)", data, re.DOTALL)][20]
    size = int.from_bytes(data[at:at + 4], "little")
    return data[:at + 4] + bytes(size) + data[at + 4 + size:]


def without_index(data):
    return data[:data.index(b"moov") - 4]


def of_two_sizes(_):
    """JPEGs one after another, of which the second half is larger."""
    pictures = [numbered_frames.picture(n)[..., ::-1] for n in range(20)]
    pictures[10:] = [cv2.resize(picture, (256, 64)) for picture in pictures[10:]]
    return b"".join(cv2.imencode(".jpg", picture)[1].tobytes() for picture in pictures)


FILMS = {"cut.avi": ("MJPG", cut), "cut.mkv": ("FFV1", cut), "cut.webm": ("VP90", cut),
         "cut.mp4": ("mp4v", cut), "index.mp4": ("mp4v", without_index),
         "blank.avi": ("MJPG", blank), "holed.avi": ("MJPG", holed),
         "head.mkv": ("FFV1", lambda data: data[:21] + data[26:]),
         "sizes.mjpeg": ("MJPG", of_two_sizes), "whole.avi": ("MJPG", bytes)}
FILES = {"empty.mp4": b"", "sound.mp4": b"ID3\4" + bytes(500),
         "wave.avi": b"RIFF\x24\0\0\0WAVEfmt " + bytes(50), "zip.mp4": b"PK\3\4" + bytes(50),
         "page.mp4": b"<!DOCTYPE html><html>Not found</html>", "note.mp4": b"just a note",
         "pointer.mp4": b"version https://git-lfs.github.com/spec/v1\n"}
CALM = {"whole.avi", "sizes.mjpeg"}                   # nothing is wrong with them


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """{name: path} of bad films, and of good ones that a command may not take."""
    folder = tmp_path_factory.mktemp("bad")
    paths = {name: folder / name for name in [*FILMS, *FILES, "moving.webp", "gone.mp4"]}
    for name, (codec, change) in FILMS.items():
        suffix = ".avi" if codec == "MJPG" else paths[name].suffix
        made = numbered_frames.film(folder / f"made{suffix}", codec, 40)
        paths[name].write_bytes(change(made.read_bytes()))
        made.unlink()
    for name, content in FILES.items():
        paths[name].write_bytes(content)
    first, *others = [Image.fromarray(numbered_frames.picture(n)) for n in range(3)]
    first.save(paths["moving.webp"], save_all=True, append_images=others)
    return paths


@pytest.fixture(scope="module")
def folders(bad, tmp_path_factory):
    """{name: path} of folders that classify, train or both refuse, or warn of."""
    root = tmp_path_factory.mktemp("folders")
    frames = np.stack([numbered_frames.picture(n) for n in range(6)])

    def put(name, *clips):
        for clip in clips:
            path = root / name / clip
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".mkv":
                video.write(path, np.roll(frames, len(path.stem), 2), 8)
            else:
                path.write_bytes(bad[path.name].read_bytes() if path.name in bad else b"")
        (root / name).mkdir(exist_ok=True)
    good = ("a/x1.mkv", "a/x22.mkv", "b/x333.mkv", "b/x4444.mkv")
    put("empty")
    put("stray", "x1.mkv")
    put("one", "a/x1.mkv", "a/x22.mkv")
    put("few", "a/x1.mkv", "b/x22.mkv")
    put("no clips", "a/x1.mkv", "b/notes.txt")
    put("nested", "d/a/x1.mkv", "d/b/x1.mkv", "n/a/x1.mkv", "n/b/x1.mkv")
    put("half", "train/a/x1.mkv", "test/a/x1.mkv", "more/a/x1.mkv")
    put("no train", "test/a/x1.mkv", "val/b/x22.mkv")
    put("loose", "train/x1.mkv", "test/x22.mkv")
    put("good", *good, "a/notes.txt")
    put("damaged", *good, "a/cut.avi", "b/note.mp4", "b/holed.avi", "b/sizes.mjpeg")
    put("blank", *good, "a/blank.avi")
    put("pictures")
    cv2.imwrite(str(root / "pictures" / "000.png"), frames[0])
    return {path.name: path for path in root.iterdir()}


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    """Two files of weights: of small clips, and of clips that take more than a GiB."""
    folder, engine = tmp_path_factory.mktemp("w"), Engine("scratch")
    for name, frames, side in (("small", 2, 16), ("large", 4000, 512)):
        header = Header("mean_frames", ("a", "b"), frames, (side, side))
        weights.save(folder / name, header.build(engine.nn), header, engine)
    return folder


def options(command):
    return {word for param in typer.main.get_command(main.app).commands[command].params
            for word in param.opts} | {"--"}


def said(command, *words):
    """The exit code of a command and all that it says; every advice in it can be followed."""
    done = CliRunner().invoke(main.app, [command, *map(str, words)], prog_name="vidlearn")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    told = "\n".join(line for line in done.stderr.splitlines() if " clips/s" not in line)
    for word in map(str, words):                      # a name may be anything
        told = told.replace(word, "") if "/" in word else told
    bare = PROGRAM.sub("", told)
    assert not ARGUMENT.findall(bare) and not LIBRARY.findall(bare), told
    assert set(OPTION.findall(told)) <= options(command), told
    return done.exit_code, done.stderr


HOW = [[], ["--allow-damaged"], ["--timeline"], ["--timeline", "--allow-damaged"]]


@pytest.mark.parametrize("how", HOW, ids=" ".join)
@pytest.mark.parametrize("name", [*FILMS, *FILES, "moving.webp", "gone.mp4"])
def test_classify_advises_what_it_can_do(name, how, bad, classifier, tmp_path):
    out = ["--out", tmp_path] if "--timeline" in how else []
    code, told = said("classify", bad[name], "-w", classifier / "small", *how, *out)
    usable = {"cut.avi", "cut.mkv", "cut.webm", "holed.avi"} if "--allow-damaged" in how else set()
    assert (code, bool(told)) == ((0, name in usable) if name in CALM | usable else (1, True))
    if not usable and name in ("cut.avi", "cut.mkv", "cut.webm", "holed.avi"):
        assert "--allow-damaged takes what there is" in told


@pytest.mark.parametrize("name", ["good", "empty", "pictures"])
def test_classify_does_not_take_a_folder(name, folders, classifier):
    code, told = said("classify", folders[name], "-w", classifier / "small")
    assert code == 1 and "is a folder, not a video" in told
    assert ("Give one of the clips in it" in told) == (name != "pictures")


def test_classify_of_too_many_frames(bad, classifier):
    code, told = said("classify", bad["whole.avi"], "-w", classifier / "large")
    assert code == 1 and "the budget of 1.0 GiB. A classifier of fewer or smaller frames" in told


def train(folder, tmp_path, *how):
    return said("train", folder, *TRAIN[2:10], "--size", "16", "--share", "0.5", *how, "-o",
                tmp_path / "w.safetensors")


@pytest.mark.parametrize("name", ["empty", "stray", "one", "few", "no clips", "nested", "half",
                                  "no train", "loose", "pictures"])
def test_train_advises_what_it_can_do_for_a_bad_folder(name, folders, tmp_path):
    code, told = train(folders[name], tmp_path)
    assert code == 1 and folders[name].name in told


@pytest.mark.parametrize("how", [
    ["--skip-damaged", "--allow-damaged"], ["--split-list", "gone.txt"],
    ["--share", "0.01"], ["--frames", "4096", "--size", "4096"], ["--source", "y"], ["--resume"],
    ["--source", "x", "--blocks", "2"], ["--device", "cuda"], ["--model", "x"]], ids=" ".join)
def test_train_advises_what_it_can_do_for_options_that_do_not_fit(how, folders, tmp_path):
    code, told = train(folders["good"], tmp_path, *how)
    assert code == 1 and told.strip()


@pytest.mark.parametrize("name", ["damaged", "blank"])
def test_train_advises_what_it_can_do_for_damaged_clips(name, folders, tmp_path):
    code, told = train(folders[name], tmp_path)
    assert code == 1 and "repair them, leave them out with --skip-damaged, or use what there is " \
        "of them with --allow-damaged. The first: " in told
    for how in ("--skip-damaged", "--allow-damaged"):
        code, told = train(folders[name], tmp_path, how, "--overwrite")
        assert code == 0 and ("left out: " in told)
    used = "2 of 7 clips are damaged, and used as far as they go: a/cut.avi ("
    assert (used in told) == (name == "damaged")


def test_a_full_cache_is_said_with_what_empties_it(folders, tmp_path, monkeypatch):
    monkeypatch.setattr("vidlearn.datasets.folder.Cache", lambda: Cache(tmp_path / "c", limit=10))
    code, told = train(folders["good"], tmp_path)
    assert code == 0 and "no more decoded clips are kept in" in told
    assert "deleting that folder empties it" in told


def test_every_advice_of_the_table_is_one_of_the_library():
    sources = " ".join(" ".join(re.sub(r'"\s*(\n\s*)f?"', "", inspect.getsource(module)).split())
                       for module in (vidlearn.video.errors, import_module("vidlearn.video.read"),
                                      import_module("vidlearn.video.unopened"),
                                      import_module("vidlearn.datasets.cache"),
                                      import_module("vidlearn.training.recipe")))
    assert [advice for advice in ADVICE if advice not in sources] == []
    assert any(advice in NOT_STRICT for advice in ADVICE)
