"""An open video file, decoded one frame at a time, in order: a jump would land elsewhere."""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
from av.codec.context import Flags

from vidlearn.checks import checked
from vidlearn.video import demux, extent, unopened
from vidlearn.video.clock import Clock
from vidlearn.video.damage import Watch
from vidlearn.video.errors import VideoError
from vidlearn.video.shown import Screen

CONVERT = ("ffmpeg -i {name} -c:v libvpx-vp9 -crf 30 -b:v 0 out.webm makes a copy that can be "
           "read")
AHEAD = 8                # packets whose time stamps are known before a frame is decoded
MATROSKA = "matroska,webm"
STREAMS = {"mpegts", "mpeg", "h264"}     # where each field of an interlaced frame may be a packet
NAMES = {"libdav1d": "av1", "libaom-av1": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9"}


@checked
@dataclass(frozen=True)
class Probe:
    """What a video file says of itself, and the size of its first frame.

    Units    width and height in pixels, as shown: upright, and with square pixels; pixel_aspect is
             the width of a stored pixel by its height; declared in frames, 0 where the file does
             not say; fps in frames per second, as declared; codec is FFmpeg's name of it
    """

    path: str
    width: int
    height: int
    declared: int
    fps: float
    codec: str
    pixel_aspect: float = 1.0

    @property
    def seconds(self):
        """The length in seconds that the file declares; 0.0 where it does not say."""
        return self.declared / self.fps


class Decoder:
    """A video file at its start; `grab` moves to the next frame, `picture` gives it.

    `whole` says of that frame whether nothing of it is damaged, as vidlearn.video.damage defines
    it. It is always True if `strict`: then the counts at the end tell.

    Raises   VideoError if there is no such file, or no film in it
    """

    def __init__(self, path, strict=True):
        self.path = Path(path)
        self._container, self._stream = demux.open_film(self.path)
        self.declared = demux.declared(self._container, self._stream)
        self.fps = demux.rate(self._stream)
        self.codec = NAMES.get(self._stream.codec_context.name, self._stream.codec_context.name)
        self._read = self.packets = 0                 # of which only the latter are to be shown
        self.concealed = 0                            # frames whose holes the decoder filled
        self.errors, self._frame = [], None
        self._is_avi = self._container.format.name == "avi"
        self._is_stream = self._container.format.name in STREAMS
        self._has_fields = False
        self._screen = Screen(self._stream.sample_aspect_ratio)
        self.pixel_aspect = self._screen.pixel_aspect
        self._clock = Clock(1 / self.fps)
        self._tick, self._to_come = float(self._stream.time_base), deque(maxlen=4 * AHEAD)
        self.whole, self._watch = True, None if strict else Watch()
        self._frames = self._decode() if strict else self._watched()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._frames.close()
        self._stream.codec_context.flush_buffers()    # or it is freed, by a thread that holds
        self._container.close()                       # Python, while one of FFmpeg's waits to log
        self._container = self._stream = self._frames = self._frame = self._screen = None

    def grab(self):
        """Move to the next frame.

        Returns  the seconds from the first frame to this one, or None at the end
        """
        self._frame = None                            # before the next is decoded: 4K is 25 MB
        self._frame, self.whole, *stamps = next(self._frames, (None, True))
        return self._clock.tick(*stamps) if stamps else None

    def picture(self, crop=None, size=None, grey=False, square=True):
        """Give the frame that was grabbed last, as `Screen.picture` converts it."""
        try:
            return self._screen.picture(self._frame, crop, size, grey, square)
        except av.FFmpegError as error:
            raise VideoError(f"{self.path}: a frame was decoded but cannot be shown "
                             f"({error.strerror})", path=self.path) from None

    def stored(self):
        """Count the frames in the file, decodable or not."""
        return demux.count(self.path)

    def shortfall(self, decoded):
        """Say why the file holds more than the `decoded` frames; None where nothing is missing."""
        if self.concealed:
            return f"it is damaged: the decoder found errors in {self.concealed} of its frames"
        held = self.packets // 2 if self._has_fields else self.packets
        is_whole = decoded >= held or self._container.format.name != MATROSKA
        if 0 < self.declared <= decoded and is_whole:     # there, by length and rate: often too few
            return None
        if damage := extent.damage(self.path, self._read):
            return f"it is damaged: {damage}"
        if decoded < held:
            return f"it holds {held} frames, of which the decoder dropped some as damaged"
        if damage := demux.index_damage(self.path, self._stream, self.packets):
            return f"it is damaged: {damage}"
        if self.errors:
            return f"it is damaged: it cannot be read on ({self.errors[0].strerror})"
        return None

    def no_frame_error(self):
        """The error for a file that opens and has no frame."""
        wanted = f"its {self.declared} declared frames" if self.declared else "any frame"
        why = (f"opens, but FFmpeg cannot decode {wanted} (codec {self.codec or 'unknown'}). "
               + CONVERT.format(name=self.path.name))
        if self.codec == "webp":
            why = unopened.WEBP
        elif damage := (extent.damage(self.path) or
                       demux.index_damage(self.path, self._stream, self.packets)):
            why = (f"{extent.decoded_of(self.declared, 0)}, and it is damaged: {damage}. "
                   "Copy or download it again")
        return VideoError(f"{self.path}: {why}", path=self.path, declared=self.declared, decoded=0)

    def _decode(self):
        """Yield each frame, True, its time stamp in seconds, and the stamps of some that follow."""
        ahead = deque()
        for packet in demux.packets(self._container, self._stream, self.errors):
            self._read += 1
            if self._watch:
                stamp = self._seconds(packet)
                self._watch.read(packet, None if self._is_avi else stamp, stamp,
                                 demux.is_shown(packet), len(self.errors))
            if demux.is_shown(packet):
                self.packets += 1
                self._to_come.append(self._seconds(packet))
            ahead.append(packet)
            if len(ahead) > AHEAD:
                yield from self._shown(ahead.popleft())
        while ahead:
            yield from self._shown(ahead.popleft())
        yield from self._shown(None)                  # those that the decoder still holds

    def _shown(self, packet):
        try:
            frames = deque(self._stream.decode(packet))
        except av.FFmpegError:
            if self._watch and packet is not None:
                self._watch.fail(packet)
            return                                    # the count at the end tells
        while frames:                                 # no name holds one while the next is decoded
            stamp = self._seconds(frames[0])
            with suppress(ValueError):
                self._to_come.remove(stamp)
            self._has_fields |= self._is_stream and frames[0].interlaced_frame
            self.concealed += frames[0].is_corrupt
            yield frames.popleft(), True, stamp, [*self._to_come]

    def _watched(self):
        """Yield the same of a film that may be damaged, and whether each frame is whole.

        One thread decodes: with several, an error is not known to be of one packet.
        """
        context, watch, is_first = self._stream.codec_context, self._watch, True
        context.thread_count, context.flags = 1, context.flags | Flags.copy_opaque
        for frame, _, stamp, _ in self._decode():
            watch.has_fields = self._has_fields
            sent = watch.come(frame)
            following = watch.following(sent, stamp)
            if is_first and stamp is not None:
                if (lost := watch.first(sent, stamp)) is not None:
                    self._clock.tick(lost, [stamp, *following])
                is_first = False
            for (shown, *stamps), whole in watch.hold(sent, (frame, stamp, following)):
                yield shown, whole, *stamps
            frame = shown = None                      # no name holds one while the next is decoded
        for (shown, *stamps), whole in watch.end():
            yield shown, whole, *stamps

    def _seconds(self, thing):
        """The time stamp of a packet or a frame.

        AVI has no times of display: what FFmpeg guesses for frames out of order is often wrong,
        while the times of decoding rise from one frame that comes out to the next.
        """
        stamp = thing.dts if self._is_avi else thing.pts
        return None if stamp is None else stamp * self._tick


@checked
def probe(path):
    """Look at the header of a video file and at its first frame.

    Raises   VideoError if there is no such file, or nothing in it can be shown
    """
    with Decoder(path) as decoder:
        if decoder.grab() is None:
            raise decoder.no_frame_error()
        height, width, _ = decoder.picture().shape
        return Probe(str(path), width, height, decoder.declared, decoder.fps, decoder.codec,
                     decoder.pixel_aspect)
