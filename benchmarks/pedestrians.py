"""Who finds people, on drawn streets and on a real square? The table of lesson 42.

    python benchmarks/pedestrians.py FILM [--seeds 5]

FILM is vtest.avi, out of OpenCV's samples/data; data/vtest_people.csv has boxes of our own on 24 of
its frames. All methods are judged on the twelve early ones; what learns from the square learns
from the twelve late ones. A box is right if its IoU with a person whom no better box has found is
at least 0.5. Each score threshold is chosen where nothing is judged: on other crops of streets, or,
for what learns from the square, on the late frames by turns. Frames a second are of CPU time, one
thread. Prints a Markdown table.
"""

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import cv2  # noqa: E402
import faster_rcnn  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from tables import table  # noqa: E402

from vidlearn import video  # noqa: E402
from vidlearn.datasets.pedestrians import read_people  # noqa: E402
from vidlearn.datasets.street_crops import read_street_crops  # noqa: E402
from vidlearn.detection.average_precision import average_precision, precision_recall  # noqa: E402
from vidlearn.detection.linear_svm import fit_linear_svm  # noqa: E402
from vidlearn.detection.sliding_window import (  # noqa: E402
    detect_windows,
    hard_negatives,
    random_negatives,
    window_of,
)
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.inference import detector as detectors  # noqa: E402
from vidlearn.inference.detect import detect  # noqa: E402
from vidlearn.surveillance.blobs import Blobs, empty_scene  # noqa: E402
from vidlearn.video.picture import scale  # noqa: E402
from vidlearn.vision.hog import hog  # noqa: E402

DATA = Path(__file__).parent.parent / "data"
STREET_HEIGHTS, SQUARE_HEIGHTS = (20, 24, 29, 35, 42), (56, 68, 82, 98, 118)     # pixels
NEGATIVES, SEARCHED, WORST = 3, 80, 20     # windows a crop; crops; windows of each of these
OF_THE_SQUARE = dict(mirrored=True, each=30)           # its few frames show few people, much else
C = 30.0                                   # with weights that add up to 1
HALF = 397                                 # frames of the film before this one are judged
LEAST = -1.0                               # SVM scores below this are never looked at


def crops(name):
    """(picture, boxes of people, boxes of everything) for each crop of the streets."""
    return [(crop, target["boxes"][target["labels"] == 1], target["boxes"]) for crop, target
            in zip(*read_street_crops(DATA / f"{name}.safetensors")[:2], strict=True)]


def examples(scenes, heights, rng, mirrored=False, each=NEGATIVES):
    """Features and signs of everybody who is tall enough, and of places where nobody is."""
    windows, signs = [], []
    for frame, people, everything in scenes:
        people = people[people[:, 3] - people[:, 1] >= heights[0]]
        shown = [window_of(frame, box) for box in people]
        shown += [window[:, ::-1] for window in shown if mirrored]
        nobody = random_negatives(frame, everything, heights, each, rng)
        windows += [*shown, *nobody]
        signs += [1] * len(shown) + [-1] * len(nobody)
    return np.array([hog(window).ravel() for window in windows]), np.array(signs)


def weights(signs):
    """Both classes count alike, however many samples each has."""
    return np.where(signs > 0, 0.5 / (signs > 0).sum(), 0.5 / (signs < 0).sum())


def train_hog(scenes, heights, rng, **options):
    """A linear SVM on HOG, trained again on what it takes for people."""
    features, signs = examples(scenes, heights, rng, **options)
    svm = fit_linear_svm(features, signs, C, weights(signs), tolerance=0.01)
    chosen = rng.permutation(len(scenes))[:SEARCHED]
    hard = np.concatenate([hard_negatives(scenes[i][0], scenes[i][2], svm, heights)[:WORST]
                           for i in chosen])
    features, signs = np.concatenate([features, hard]), np.append(signs, -np.ones(len(hard), int))
    return fit_linear_svm(features, signs, C, weights(signs), tolerance=0.01)


def curve(found, scenes):
    """Precision, recall and scores, and AP50."""
    targets = [{"boxes": boxes, "labels": np.ones(len(boxes), int)} for _, boxes, _ in scenes]
    found = [one | {"labels": np.ones(len(one["boxes"]), int)} for one in found]
    return (*precision_recall(found, targets, 1), average_precision(found, targets).mean)


def best_threshold(found, scenes):
    """The score at which F1 is best."""
    precision, recall, scores, _ = curve(found, scenes)
    return scores[(2 * precision * recall / np.maximum(precision + recall, 1e-9)).argmax()]


def judged(found, scenes, threshold):
    """Precision, recall and AP50 with what scores the threshold or more."""
    precision, recall, scores, ap = curve(found, scenes)
    count = (scores >= threshold).sum()
    return (precision[count - 1], recall[count - 1], ap) if count else (1.0, 0.0, ap)


class Square:
    """The film's judged and learned frames, and what moved in the whole film before them."""

    def __init__(self, film):
        self.film, self.people = film, read_people(DATA / "vtest_people.csv")
        scenes = {number: (frame, self.people[number], self.people[number]) for number, (_, frame)
                  in enumerate(video.frames(film)) if number in self.people}
        self.early = [scenes[number] for number in scenes if number < HALF]
        self.late = [scenes[number] for number in scenes if number >= HALF]

    def stream(self, detector):
        """What a detector that needs every frame finds in the early ones, and its speed."""
        found, seconds = [], 0.0
        for number, (_, frame) in enumerate(video.frames(self.film)):
            if number >= HALF:
                break
            start = time.process_time()
            one = detector(frame)
            seconds += time.process_time() - start
            if number in self.people:
                found.append(one)
        return found, HALF / seconds


def difference():
    """Boxes around what changed since the frame before: lesson 02's first detector."""
    before = None

    def detector(frame):
        nonlocal before
        grey = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (5, 5), 0)
        changed = cv2.absdiff(grey, grey if before is None else before) > 20
        before = grey
        mask = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((25, 13)))
        x, y, width, height, _ = cv2.connectedComponentsWithStats(mask)[2][1:].T
        large = height >= 0.08 * len(frame)
        boxes = np.stack([x, y, x + width, y + height], 1)[large].astype(float)
        return {"boxes": boxes, "scores": np.ones(len(boxes))}
    return detector


def timed(detector, scenes):
    """What is found in each frame, and how many frames a second."""
    start = time.process_time()
    found = [detector(frame) for frame, _, _ in scenes]
    return found, len(scenes) / (time.process_time() - start)


def shown(name, street_scores, square_scores, speed):
    def cell(scores):
        if not scores:
            return ["–", "–", "–"]
        return ["–" if np.isnan(column).any() else f"{np.mean(column):.2f}" + (
            f" ({min(column):.2f}–{max(column):.2f})" if len(column) > 1 else "")
            for column in zip(*scores, strict=True)]
    return name, *cell(street_scores), *cell(square_scores), f"{speed:.1f}"


def by_difference(square, name, detector):
    found, speed = square.stream(detector)
    precision, recall, _ = judged(found, square.early, 0)
    return shown(name, [], [(precision, recall, np.nan)], speed)


def by_hog(square, seeds):
    """Trained on streets: on unseen streets, and on the square."""
    train, unseen = crops("street_crops"), crops("street_crops_unseen")
    streets, squares = [], []
    for seed in range(seeds):
        svm = train_hog(train, STREET_HEIGHTS, np.random.default_rng(seed))
        found = [detect_windows(crop, svm, STREET_HEIGHTS, LEAST) for crop, *_ in unseen]
        threshold = best_threshold(found[::2], unseen[::2])
        streets.append(judged(found[1::2], unseen[1::2], threshold))
        found, speed = timed(lambda frame, svm=svm: detect_windows(
            frame, svm, SQUARE_HEIGHTS, LEAST), square.early)
        squares.append(judged(found, square.early, threshold))
    return shown("HOG and SVM, trained on streets", streets, squares, speed)


def by_hog_of_the_square(square, seeds):
    """Trained on the late frames of the square."""
    squares = []
    for seed in range(seeds):
        rng, found = np.random.default_rng(seed), [None] * len(square.late)
        for part in (0, 1):                            # each half chooses for the other
            half = train_hog(square.late[part::2], SQUARE_HEIGHTS, rng, **OF_THE_SQUARE)
            for k in range(1 - part, len(found), 2):
                found[k] = detect_windows(square.late[k][0], half, SQUARE_HEIGHTS, LEAST)
        threshold = best_threshold(found, square.late)
        svm = train_hog(square.late, SQUARE_HEIGHTS, rng, **OF_THE_SQUARE)
        found, speed = timed(lambda frame, svm=svm: detect_windows(
            frame, svm, SQUARE_HEIGHTS, LEAST), square.early)
        squares.append(judged(found, square.early, threshold))
    return shown("HOG and SVM, trained on the square", [], squares, speed)


def by_faster_rcnn(square, seeds):
    """The network of lesson 41; its people are 12 to 60 pixels tall, so the square is halved."""
    engine = Engine("torch")
    train = read_street_crops(DATA / "street_crops.safetensors")[:2]
    unseen, streets, squares = crops("street_crops_unseen"), [], []
    for seed in range(seeds):
        model = faster_rcnn.trained(engine, seed, *train)

        def detector(frame, times=1, model=model):
            small = scale(frame, (frame.shape[0] // times, frame.shape[1] // times))
            with engine.no_grad():
                (found,) = model(engine.tensor(small.transpose(2, 0, 1)[None] / 255))
            people = found["labels"] == 1
            return {"boxes": found["boxes"][people] * times, "scores": found["scores"][people]}
        found = [detector(crop) for crop, *_ in unseen]
        threshold = best_threshold(found[::2], unseen[::2])
        streets.append(judged(found[1::2], unseen[1::2], threshold))
        found, speed = timed(lambda frame, detector=detector: detector(frame, 2), square.early)
        squares.append(judged(found, square.early, threshold))
    return shown("Faster R-CNN of lesson 41, trained on streets", streets, squares, speed)


def by_fastest_det(square, name, **options):
    """FastestDet, trained by its author on COCO, at the score of `vidlearn detect`."""
    network, unseen = detectors.load("scratch"), crops("street_crops_unseen")[1::2]

    def detector(frame):
        return next(iter(detect([frame], network, **options)))
    streets = judged([detector(crop) for crop, *_ in unseen], unseen, 0)
    found, speed = timed(detector, square.early)
    squares = judged(found, square.early, 0)
    return shown(name, [(*streets[:2], np.nan)], [(*squares[:2], np.nan)], speed)


def rows(film, seeds):
    square = Square(film)
    scene = empty_scene(frame for number, (_, frame) in enumerate(video.frames(film))
                        if number % 40 == 0)
    yield by_difference(square, "difference of two frames", difference())
    yield by_difference(square, "MOG2, with the empty scene", Blobs(scene).detect)
    yield by_hog(square, seeds)
    yield by_hog_of_the_square(square, seeds)
    yield by_faster_rcnn(square, seeds)
    yield by_fastest_det(square, "FastestDet, trained on photographs")
    yield by_fastest_det(square, "FastestDet, two tiles a side", score=0.75, tiles=2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("film", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    table(("", "streets: precision", "recall", "AP50", "square: precision", "recall", "AP50",
           "frames a second"), rows(chosen.film, chosen.seeds))


if __name__ == "__main__":
    main()
