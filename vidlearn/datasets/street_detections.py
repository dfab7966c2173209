"""What a detector might have found on a drawn street: the truth, spoiled by known amounts."""

import numpy as np

from vidlearn.checks import checked, kinds

STREET = kinds.having("a Street, as street() draws it", "frames", "boxes", "visible", "kinds")
SEEN, TALL = 0.25, 8                       # a share of a person, and pixels: less is no truth
HIDDEN = 0.7                               # whoever is seen less has a lower score
NARROW = 2                                 # pixels: no detection is narrower


@checked
def street_detections(clip: STREET, seed=0, missed: kinds.FRACTION = 0.1,
                      noise: kinds.NOT_NEGATIVE = 0.04, false_alarms: kinds.FRACTION = 0.15):
    """Truth about the people of a street, and detections of them that are not perfect.

    Who is half hidden gets a score from 0.3 to 1, others from 0.6, false alarms from 0.1 to 0.7.

    Units    missed: the share of boxes left out; noise: the deviation of each corner, as a share of
             a person's height; false_alarms: how many there are a frame
    Returns  (ids (n,), boxes (n, 4)) for each frame, and (boxes (m, 4), scores (m,)) for each
    """
    rng, truth, found = np.random.default_rng(seed), [], []
    size = np.array(clip.frames.shape[2:0:-1])                        # width, height
    for boxes, visible in zip(clip.boxes.astype(float), clip.visible, strict=True):
        people = np.flatnonzero((clip.kinds == 0) & (visible >= SEEN)
                                & (boxes[:, 3] - boxes[:, 1] >= TALL))
        truth.append((people, boxes[people]))
        seen = people[rng.random(len(people)) >= missed]
        height = (boxes[seen, 3] - boxes[seen, 1])[:, None]
        noisy = boxes[seen] + rng.normal(size=(len(seen), 4)) * noise * height
        scores = rng.uniform(np.where(visible[seen] < HIDDEN, 0.3, 0.6), 1)
        if rng.random() < false_alarms:
            tall, corner = rng.uniform(0.12, 0.3) * size[1], rng.uniform((0, 0.2), 0.75) * size
            noisy = np.vstack([noisy, [*corner, *corner + (0.4 * tall, tall)]])
            scores = np.append(scores, rng.uniform(0.1, 0.7))
        whole = (noisy[:, 2:] - noisy[:, :2] >= NARROW).all(1)
        found.append((noisy[whole], scores[whole]))
    return truth, found
