"""Video files to arrays and back: (T, H, W, 3) uint8 RGB, with the time of every frame in seconds.

    probe(path)              what the file says of itself
    read(path, ...)          a Clip: frames, seconds, and which frames are whole
    frames(path, ...)        the same one frame at a time, for a video of any length
    write(path, frames, fps) .mp4 for everybody, .webm for a browser, .mkv without loss
    sample                   which frames of a video make a clip
    transform                crop, scale, turn or recolour a whole clip
    shots                    where one shot ends and the next begins
"""

from vidlearn.video import opencv_output, sample, shots, transform
from vidlearn.video.decoder import Probe, probe
from vidlearn.video.errors import VideoError
from vidlearn.video.read import Clip, frames, read
from vidlearn.video.transform import to_tensor
from vidlearn.video.write import to_webm_bytes, write

__all__ = ["Clip", "Probe", "VideoError", "frames", "opencv_output", "probe", "read", "sample",
           "shots", "to_tensor", "to_webm_bytes", "transform", "write"]
