"""What can be decoded of a damaged film comes at its own seconds, and is told whole or not."""

from dataclasses import replace
from types import SimpleNamespace

import av
import numpy as np
import pytest

from tools import numbered_frames, odd_videos
from vidlearn import video
from vidlearn.video import damage
from vidlearn.video.damage import Watch

COUNT, GROUP, RATE = 40, 8, 25                        # frames, frames from one key to the next
PLAIN = {"g": str(GROUP), "bf": "0"}
CLOSED = {"preset": "ultrafast", "crf": "18", "x264-params":
          "bframes=3:b-adapt=0:b-pyramid=none:keyint=8:min-keyint=8:open-gop=0:scenecut=0"}
KINDS = {
    "h264.mp4": ("libx264", "yuv420p", CLOSED),
    "h264.mkv": ("libx264", "yuv420p", CLOSED),
    "h264.ts": ("libx264", "yuv420p", CLOSED),
    "open.mp4": ("libx264", "yuv420p", odd_videos.REORDERED),
    "mpeg4.mp4": ("mpeg4", "yuv420p", PLAIN | {"b": "4M"}),
    "mpeg4.avi": ("mpeg4", "yuv420p", PLAIN | {"b": "4M"}),
    "mjpeg.avi": ("mjpeg", "yuvj420p", {}),
    "vp9.webm": ("libvpx-vp9", "yuv420p", {"g": str(GROUP), "cpu-used": "8"}),
}
TS = 188                                              # bytes of a packet of a transport stream


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """{name: path} of films of 40 numbered frames, 25 a second, a keyframe every eighth."""
    folder = tmp_path_factory.mktemp("groups")
    films = {name: odd_videos.by_pyav(folder / name, *how, times=np.arange(COUNT) * 40).path
             for name, how in KINDS.items()}
    with av.open(str(films["h264.mp4"])) as film, av.open(
            str(folder / "fast.mp4"), "w", options={"movflags": "+faststart"}) as fast:
        stream = fast.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.size:
                packet.stream = stream
                fast.mux(packet)
    return films | {"fast.mp4": folder / "fast.mp4"}


def packets(path):
    """(first byte, last byte, number of its frame, is it a keyframe?) of each packet, in order."""
    data = path.read_bytes()
    with av.open(str(path)) as container:
        found = [packet for packet in container.demux(video=0) if packet.size]
    stamps = sorted(packet.pts for packet in found)
    places = [packet.pos for packet in found] + [len(data)]
    if path.suffix != ".ts":                          # in which other data lie between those bytes
        places = [data.index(bytes(packet), packet.pos) for packet in found]
    return [(first, places[n + 1] if path.suffix == ".ts" else first + packet.size,
             stamps.index(packet.pts), packet.is_keyframe)
            for n, (packet, first) in enumerate(zip(found, places, strict=False))]


@pytest.fixture
def zeroed(made, tmp_path):
    """zeroed(name, *numbers): a film with zeros for the packets of these frames, and those packets'
    places in the order of decoding."""
    def copy(name, *numbers):
        data, places = bytearray(made[name].read_bytes()), []
        for place, (first, last, number, _) in enumerate(packets(made[name])):
            if number in numbers:
                data[first:last] = bytes(last - first)
                places.append(place)
        path = tmp_path / name
        path.write_bytes(data)
        return path, places
    return copy


def told(clip):
    """{number of each frame, by its second: is it whole?}; a whole one must show that number."""
    numbers = np.rint(clip.seconds * RATE).astype(int).tolist()
    np.testing.assert_allclose(clip.seconds * RATE, numbers, atol=0.03)
    assert len(set(numbers)) == len(numbers) == len(clip.whole)
    for number, frame, whole in zip(numbers, clip.frames, clip.whole, strict=True):
        assert not whole or numbered_frames.number(frame) == number
    return dict(zip(numbers, clip.whole.tolist(), strict=True))


def predicted(path, place):
    """The numbers of the frames decoded after a packet and shown before the next keyframe."""
    after = packets(path)[place + 1:]
    key = next((packet[2] for packet in after if packet[3]), COUNT)
    return {packet[2] for packet in after if packet[2] < key}


@pytest.mark.parametrize("name", KINDS)
def test_a_healthy_film_is_whole_and_the_same_as_ever(made, name):
    strict, clip = video.read(made[name]), video.read(made[name], strict=False)
    assert strict.whole.all() and clip.whole.all() and clip.whole.shape == (COUNT,)
    np.testing.assert_array_equal(clip.frames, strict.frames)
    np.testing.assert_array_equal(clip.seconds, strict.seconds)


@pytest.mark.parametrize("name", odd_videos.KINDS)
def test_so_is_a_film_of_any_kind(tmp_path, name):
    film = odd_videos.KINDS[name](tmp_path / name)
    clip, strict = video.read(film.path, strict=False), video.read(film.path)
    assert clip.whole.all()
    np.testing.assert_array_equal(clip.seconds, strict.seconds)
    np.testing.assert_array_equal(clip.frames, strict.frames)


@pytest.mark.parametrize("name", [name for name in KINDS if not name.endswith(".ts")])
@pytest.mark.parametrize("number", [17, 19, 20])
def test_the_frames_after_one_that_is_lost_keep_their_seconds(made, zeroed, name, number):
    path, (place,) = zeroed(name, number)
    with pytest.raises(video.VideoError):
        video.read(path)
    found = told(video.read(path, strict=False))
    assert not found.pop(number, False)               # lost, or told to be damaged
    after = predicted(made[name], place) & set(found)
    assert {n for n, whole in found.items() if not whole} <= after
    assert set(range(number)) | set(range(24, COUNT)) - {number} <= set(found) | after
    assert {n for n, whole in found.items() if not whole} == after & set(found)


@pytest.mark.parametrize("number", [17, 20])
def test_what_is_lost_of_a_transport_stream_taints_what_follows(made, zeroed, number):
    path, (place,) = zeroed("h264.ts", number)
    found = told(video.read(path, strict=False))
    assert number not in found and len(found) == COUNT - 1
    assert not any(found[n] for n in predicted(made["h264.ts"], place) & set(found))
    assert all(found[n] for n in range(24, COUNT))


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "vp9.webm", "open.mp4"])
def test_without_the_first_keyframe_the_next_one_begins(zeroed, name):
    path, _ = zeroed(name, 0)
    found = told(video.read(path, strict=False))
    assert list(found) == list(range(GROUP, COUNT)) and all(found.values())


@pytest.mark.parametrize("name", ["mpeg4.mp4", "mpeg4.avi"])
def test_what_a_decoder_makes_without_the_first_keyframe_is_not_whole(zeroed, name):
    found = told(video.read(zeroed(name, 0)[0], strict=False))
    assert list(found) == list(range(1, COUNT))
    assert [n for n, whole in found.items() if whole] == list(range(GROUP, COUNT))


def test_pictures_that_need_no_others_are_whole_after_one_that_is_lost(zeroed):
    found = told(video.read(zeroed("mjpeg.avi", 0, 11, 12, 39)[0], strict=False))
    assert list(found) == [n for n in range(COUNT) if n not in (0, 11, 12, 39)]
    assert all(found.values())


@pytest.mark.parametrize("name", ["h264.mp4", "mpeg4.mp4", "mpeg4.avi"])
def test_a_frame_in_which_the_decoder_finds_an_error_is_not_whole(made, tmp_path, name):
    data, place = bytearray(made[name].read_bytes()), 8                # a keyframe
    first, last, number, _ = packets(made[name])[place]
    data[(first + last) // 2:last] = bytes(last - (first + last) // 2)
    path = tmp_path / name
    path.write_bytes(data)
    found = told(video.read(path, strict=False))
    assert {n for n, whole in found.items() if not whole} == {
        number} | predicted(made[name], place) == set(range(8, 16))


def test_b_frames_shown_before_a_broken_one_are_not_whole(made, tmp_path):
    """They come out of the decoder before it, and are predicted from it."""
    data = bytearray(made["h264.mkv"].read_bytes())
    order = packets(made["h264.mkv"])
    place = next(n for n, packet in enumerate(order) if packet[2] == 20)
    first, last, *_ = order[place]
    data[first + (last - first) // 3:last] = bytes(last - first - (last - first) // 3)
    path = tmp_path / "h264.mkv"
    path.write_bytes(data)
    found = told(video.read(path, strict=False))
    assert [order[place + n][2] for n in (1, 2, 3)] == [17, 18, 19]
    assert [n for n, whole in found.items() if not whole] == [17, 18, 19, 20, 21, 22, 23]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("name", ["fast.mp4", "h264.mkv", "h264.ts", "mpeg4.avi", "mjpeg.avi",
                                  "vp9.webm"])
def test_a_film_that_is_cut_gives_its_beginning(made, tmp_path, name, share):
    order, data = packets(made[name]), made[name].read_bytes()
    first, end = order[0][0], order[-1][1]
    cut = int(first + share * (end - first))
    path = tmp_path / name
    path.write_bytes(data[:cut])
    found = told(video.read(path, strict=False))
    there = {number for _, last, number, _ in order if last <= cut}
    half = {number for first, last, number, _ in order if first < cut < last}
    assert there - half <= set(found) <= there | half
    assert {n for n, whole in found.items() if whole} >= there - half


@pytest.mark.parametrize("name", ["h264.mp4", "mpeg4.mp4"])
def test_without_an_index_at_its_end_an_mp4_is_an_error(made, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(made[name].read_bytes()[:-300])
    with pytest.raises(video.VideoError, match="it is damaged: 300 bytes are missing at its end"):
        video.read(path, strict=False)


def test_a_hole_in_a_transport_stream(made, tmp_path):
    data = bytearray(made["h264.ts"].read_bytes())
    first = packets(made["h264.ts"])[18][0]
    del data[first:first + 4 * TS + 50]               # packets are not where they should be
    path = tmp_path / "h264.ts"
    path.write_bytes(data)
    found = told(video.read(path, strict=False))
    assert 30 < len(found) < COUNT and not all(found.values())
    assert all(found[n] for n in [*range(16), *range(24, COUNT)])


@pytest.mark.parametrize("name", KINDS)
def test_a_film_of_which_nothing_is_left_is_an_error(zeroed, name):
    with pytest.raises(video.VideoError):
        video.read(zeroed(name, *range(COUNT))[0], strict=False)


class TestParts:
    """Of a film whose second group has lost its keyframe, and shows what the decoder makes."""

    @pytest.fixture
    def path(self, zeroed):
        return zeroed("mpeg4.mp4", 8)[0]

    def test_by_seconds(self, path):
        clip = video.read(path, strict=False, start=0.2, stop=0.8, unit="seconds")
        assert told(clip) == {n: n < 8 or n > 15 for n in range(5, 20) if n != 8}

    def test_by_frames_that_come(self, path):
        found = told(video.read(path, strict=False, start=6, stop=16, step=3))
        assert found == {6: True, 10: False, 13: False, 16: True}

    def test_evenly(self, path):
        clip = video.read(path, strict=False, count=13)
        assert list(told(clip).values()) == [n < 8 or n > 15 for n in range(1, 39, 3)]
        assert clip.whole.dtype == bool

    def test_a_part_that_is_repeated(self, path):
        clip = video.read(path, strict=False, start=7, stop=9, count=4)
        assert clip.whole.tolist() == [True, True, False, False]

    def test_one_at_a_time(self, path):
        clip = video.read(path, strict=False)
        seconds, pictures, whole = zip(*video.frames(path, strict=False, whole=True), strict=True)
        assert list(whole) == clip.whole.tolist() and list(seconds) == clip.seconds.tolist()
        np.testing.assert_array_equal(pictures, clip.frames)
        assert [len(pair) for pair in video.frames(path, strict=False)] == [2] * len(clip)

    def test_of_a_strict_one_all_are_whole(self, path):
        clip = video.read(path, stop=8)
        assert clip.whole.tolist() == [True] * 8
        assert all(whole for *_, whole in video.frames(path, stop=8, whole=True))


def test_a_clip_has_as_many_truths_as_frames(made):
    clip = video.read(made["mjpeg.avi"])
    half = replace(clip, frames=clip.frames[::2], seconds=clip.seconds[::2], whole=clip.whole[::2])
    assert len(half) == len(half.whole) == 20
    with pytest.raises(ValueError, match="must be of one length, not of 20, 40 and 40"):
        replace(clip, frames=clip.frames[::2])
    assert video.Clip(clip.frames, clip.seconds, "drawn").whole.tolist() == [True] * 40


def packet(is_keyframe=False):
    return SimpleNamespace(is_keyframe=is_keyframe, is_corrupt=False, is_disposable=False)


@pytest.mark.parametrize("group", [1, 5, 10**6])
def test_a_film_without_end_takes_no_more_memory(group):
    watch, most = Watch(), 0
    for number in range(2000):                        # no frame comes, nothing is refused
        watch.read(packet(number % group == 0), number, number, True, 0)
        most = max(most, len(watch.following(damage.Sent(-1, None, None, True), None)))
    assert most <= damage.RECENT
    for number in range(1900, 2000):                  # a frame comes, and what was before it never
        sent = damage.Sent(number, number, number, True)
        list(watch.hold(watch.come(SimpleNamespace(opaque=sent, is_corrupt=False)), None))
    sizes = [len(value) for value in vars(watch).values() if hasattr(value, "__len__")]
    assert max(sizes) <= 4 * damage.RECENT


def test_frames_without_stamps_are_not_held_for_ever():
    watch, came = Watch(), []
    for number in range(60):
        watch.read(next_ := packet(number == 0), None, None, True, 0)
        if number != 3:                               # it is lost, and nobody says so
            sent = watch.come(SimpleNamespace(opaque=next_.opaque, is_corrupt=False))
            came += watch.hold(sent, number)
        assert len(came) >= number - damage.HELD - 1
    came += watch.end()
    assert came == [(n, n < 3) for n in range(60) if n != 3]


def test_two_films_that_are_read_at_once_are_not_mixed_up(zeroed):
    path, _ = zeroed("mpeg4.mp4", 8)
    alone = video.read(path, strict=False)
    both = list(zip(*(video.frames(path, strict=False, whole=True) for _ in range(2)), strict=True))
    for which in (0, 1):
        assert [pair[which][2] for pair in both] == alone.whole.tolist()
