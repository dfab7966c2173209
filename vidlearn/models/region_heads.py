"""The second stage of Faster R-CNN: cut each region out of the features, and name it."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.detection.heads import OPTIONS, choose_detections, sample_regions
from vidlearn.detection.kinds import BOXES, SIZE
from vidlearn.engine import as_array, as_tensor, library_of, ops_of
from vidlearn.models.proposal_network import BETA
from vidlearn.scratch.layers.boxes import box_area

ALL_REGIONS = kinds.row("a list of regions (n, 4), one an image", BOXES)
SAMPLES = 2                     # RoIAlign reads 2 x 2 points in each cell
USUAL_SIZE, USUAL_LEVEL = 224, 4         # a region so large is read from the map of 1 / 2**4


@checked
def region_heads(nn: kinds.NN, channels: kinds.POSITIVE_COUNT, classes: kinds.whole(2),
                 output_size: kinds.POSITIVE_COUNT, representation_size: kinds.POSITIVE_COUNT,
                 options: OPTIONS):
    """Build the part that turns regions of the maps into detections or, in training, losses."""
    library, F = library_of(nn), nn.functional

    class RoIHeads(nn.Module):
        def __init__(self):
            super().__init__()
            self.box_head = _box_head(nn, channels * output_size ** 2, representation_size)
            self.box_predictor = _box_predictor(nn, representation_size, classes)

        def forward(self, maps, proposals, image_size, targets=None, rng=None):
            """Detections of each image and, with targets, two losses by name in their place."""
            if targets is None:
                scores, offsets = self.read(maps, proposals, image_size)
                edges = np.cumsum([len(regions) for regions in proposals])[:-1]
                parts = (np.split(as_array(x), edges)
                         for x in (library.softmax(scores, 1), offsets))
                return [choose_detections(*image, image_size, options)
                        for image in zip(*parts, proposals, strict=True)]
            regions, labels, wanted = zip(*[
                sample_regions(*image, options, rng=rng)
                for image in zip(proposals, targets, strict=True)], strict=True)
            return losses(*self.read(maps, regions, image_size), np.concatenate(labels),
                          np.concatenate(wanted))

        def read(self, maps, regions, image_size):
            """Scores (n, classes) and offsets (n, 4 * classes) of all regions of all images."""
            features = pool_regions(nn, maps, regions, image_size, output_size)
            return self.box_predictor(self.box_head(features))

    def losses(scores, offsets, labels, wanted):
        objects = np.flatnonzero(labels)
        offsets = offsets.reshape(len(labels), classes, 4)[objects, labels[objects]]
        distance = F.smooth_l1_loss(offsets, as_tensor(wanted, offsets), beta=BETA,
                                    reduction="sum")
        return {"loss_classifier": F.cross_entropy(
                    scores, library.from_numpy(labels).to(scores.device)),
                "loss_box_reg": distance / len(labels)}

    return RoIHeads()


@checked
def pool_regions(nn: kinds.NN, maps: kinds.LIST, regions: ALL_REGIONS, image_size: SIZE,
                 output_size: kinds.POSITIVE_COUNT):
    """RoIAlign of all regions, each in the map that suits its size.

    Shapes   maps, the finest first: (N, C, H_i, W_i); regions: (n, 4) for each of N images
             ->  (sum of n, C, output_size, output_size)
    Source   Lin et al., arXiv:1612.03144, equation 1
    Twin     torchvision.ops.MultiScaleRoIAlign
    """
    images = np.repeat(np.arange(len(regions)), [len(boxes) for boxes in regions])
    boxes = np.concatenate(regions)
    rows = np.column_stack([images, boxes])
    scales = [2.0 ** np.round(np.log2(x.shape[2] / image_size[0])) for x in maps]
    halvings = USUAL_LEVEL + np.log2(np.sqrt(box_area(boxes)) / USUAL_SIZE) + 1e-6
    level = np.clip(np.floor(halvings) + np.log2(scales[0]), 0, len(maps) - 1)
    parts = [ops_of(nn).roi_align(x, as_tensor(rows[level == i], x), output_size, scale, SAMPLES)
             for i, (x, scale) in enumerate(zip(maps, scales, strict=True))]
    order = np.argsort(np.argsort(level, kind="stable"))
    return library_of(nn).cat(parts)[order]


def _box_head(nn, features, representation_size):
    class TwoMLPHead(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc6 = nn.Linear(features, representation_size)
            self.fc7 = nn.Linear(representation_size, representation_size)

        def forward(self, x):
            relu = nn.functional.relu
            return relu(self.fc7(relu(self.fc6(x.flatten(1)))))

    return TwoMLPHead()


def _box_predictor(nn, features, classes):
    class FastRCNNPredictor(nn.Module):
        def __init__(self):
            super().__init__()
            self.cls_score = nn.Linear(features, classes)
            self.bbox_pred = nn.Linear(features, 4 * classes)

        def forward(self, x):
            return self.cls_score(x), self.bbox_pred(x)

    return FastRCNNPredictor()
