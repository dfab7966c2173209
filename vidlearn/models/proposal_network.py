"""The region proposal network: a small convolution that looks at every place of a feature map.

For each anchor there it says how surely it covers an object, and how to move it onto the object.
"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.detection import proposals
from vidlearn.detection.anchors import anchor_boxes, grid_anchors
from vidlearn.detection.kinds import FOR_EACH_MAP
from vidlearn.engine import as_array, as_tensor, library_of

BETA = 1 / 9                  # up to here the smooth L1 loss of an offset is curved, then straight
SPREAD = 0.01                 # of the first weights: all scores start near 0


@checked
def proposal_network(nn: kinds.NN, channels: kinds.POSITIVE_COUNT, anchor_sizes: FOR_EACH_MAP,
                     aspect_ratios: FOR_EACH_MAP, options: proposals.OPTIONS):
    """Build the network for maps of so many channels, with a list of anchor sizes for each map."""
    library, F = library_of(nn), nn.functional
    cells = [anchor_boxes(*shapes) for shapes in zip(anchor_sizes, aspect_ratios, strict=True)]

    class RegionProposalNetwork(nn.Module):
        def __init__(self):
            super().__init__()
            self.head = _head(nn, channels, len(cells[0]))

        def forward(self, maps, image_size, targets=None, rng=None):
            """Proposals (n, 4) for each image and, with targets, two losses by name."""
            scores, offsets = (library.cat(parts, 1)
                               for parts in zip(*map(self.head, maps), strict=True))
            anchors = [grid_anchors(cell, tuple(x.shape[2:]), image_size)
                       for cell, x in zip(cells, maps, strict=True)]
            boxes = [proposals.choose_proposals(*image, anchors, image_size, options, self.training)
                     for image in zip(as_array(scores), as_array(offsets), strict=True)]
            return boxes, {} if targets is None else losses(
                scores, offsets, np.concatenate(anchors), targets, rng)

    def losses(scores, offsets, anchors, targets, rng):
        objects, background, wanted = zip(*[
            proposals.proposal_targets(anchors, target, options, rng=rng) for target in targets],
            strict=True)
        objects = _places(objects)
        chosen = np.concatenate([objects, _places(background)], 1)
        labels = np.arange(chosen.shape[1]) < objects.shape[1]
        distance = F.smooth_l1_loss(offsets[*objects], as_tensor(np.concatenate(wanted), offsets),
                                    beta=BETA, reduction="sum")
        return {"loss_objectness": F.binary_cross_entropy_with_logits(
                    scores[*chosen], as_tensor(labels, scores)),
                "loss_rpn_box_reg": distance / len(labels)}

    return RegionProposalNetwork()


def _head(nn, channels, anchors):
    """Scores (N, H * W * anchors) and offsets (N, H * W * anchors, 4) of a map (N, C, H, W)."""

    class RPNHead(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Sequential(nn.Sequential(
                nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()))
            self.cls_logits = nn.Conv2d(channels, anchors, 1)
            self.bbox_pred = nn.Conv2d(channels, 4 * anchors, 1)
            for layer in (self.conv[0][0], self.cls_logits, self.bbox_pred):
                nn.init.normal_(layer.weight, std=SPREAD)
                nn.init.zeros_(layer.bias)

        def forward(self, x):
            x = self.conv(x)
            scores = self.cls_logits(x).permute(0, 2, 3, 1)
            offsets = self.bbox_pred(x).permute(0, 2, 3, 1)
            return scores.reshape(len(x), -1), offsets.reshape(len(x), -1, 4)

    return RPNHead()


def _places(chosen):
    """The numbers chosen in each image, as two rows: the image, and the number."""
    images = np.repeat(np.arange(len(chosen)), [len(numbers) for numbers in chosen])
    return np.stack([images, np.concatenate(chosen)])
