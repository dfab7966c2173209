"""vidlearn classify: the classes of a clip, and of a long video as it goes on."""

import re

import pytest

from tests.cli.command import CLASSIFY, TIMELINE, run, told
from vidlearn import video


@pytest.mark.parametrize("words, says", [
    (["classify", "clips", "-w", "w.safetensors"], "clips is a folder, not a video"),
    (["classify", "notes.txt", "-w", "w.safetensors"], "notes.txt: is not a video"),
    (["classify", "w.safetensors", "-w", "w.safetensors"], "w.safetensors: is not a video"),
    ([*CLASSIFY[:-1], "clips"], "clips is a folder, not a file of weights"),
    ([*CLASSIFY[:-1], "notes.txt"], "notes.txt is damaged, or not a safetensors file"),
    ([*CLASSIFY[:-1], "/dev/null"], "there is no file /dev/null"),
    ([*CLASSIFY, "--engine", "x"], "there is no engine 'x'"),
    ([*CLASSIFY, "--window", "2"], "--window and --out need --timeline"),
    ([*CLASSIFY, "--out", "new"], "--window and --out need --timeline"),
    ([*TIMELINE, "--window", "-1"], "window -1.0 and stride -0.5 must be seconds"),
    ([*TIMELINE, "--window", "0"], "window 0.0 and stride 0.0 must be seconds"),
    ([*TIMELINE, "--window", "nan"], "window nan and stride nan must be seconds"),
    ([*TIMELINE, "--window", "1e-9"], "window 1e-09 and stride 5e-10 must be seconds"),
    ([*TIMELINE, "--out", "notes.txt"], "Not a directory: "),
    (["classify", "gone.mp4", *CLASSIFY[2:]], "there is no such file"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


def test_classify_names_the_classes_with_their_probabilities(here):
    code, said = run(*CLASSIFY, "--engine", "scratch")
    assert code == 0
    shares = re.findall(r"^ *([\d.]+)%  (left|right)$", said, re.M)
    assert len(shares) == 2 and sum(float(share) for share, _ in shares) == pytest.approx(100, 1e-3)


def test_both_engines_classify_alike(here):
    said = [run(*CLASSIFY, "--engine", name)[1] for name in ("scratch", "torch")]
    assert said[0] == said[1]


def test_a_damaged_clip_is_used_as_far_as_it_goes_when_asked(here, tmp_path):
    whole = (here / "clips/left/film0_0.mkv").read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[:len(whole) * 7 // 10])
    for words in (CLASSIFY[2:], [*CLASSIFY[2:], "--timeline", "--window", 0.4, "--out", tmp_path]):
        code, said = told("classify", cut, *words)
        assert code == 1 and "declared frames were decoded, and it is damaged" in said
        assert said.endswith(". --allow-damaged takes what there is")
        code, said = run("classify", cut, *words, "--allow-damaged")
        warned, *lines = said.splitlines()
        assert code == 0 and re.search(r"cut.mkv: \d of 6 declared frames .*\. It is used as far "
                                       "as it goes$", warned)
        assert any(re.search(r"[\d.]+%  (left|right)", line) for line in lines)
    assert 0 < len(video.read(tmp_path / "cut.timeline.webm")) < 6


def test_a_timeline_writes_a_plot_and_a_captioned_copy(here, tmp_path):
    code, said = run(*TIMELINE, "--window", 0.5, "--out", tmp_path / "out")
    assert code == 0 and re.search(r"0.0 s to +0.5 s +[\d.]+%  (left|right)", said)
    assert (tmp_path / "out/film0_0.timeline.png").read_bytes().startswith(b"\x89PNG")
    assert len(video.read(tmp_path / "out/film0_0.timeline.webm")) == 6
