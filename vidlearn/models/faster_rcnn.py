"""Faster R-CNN: a backbone, a network that proposes regions, and heads that name each of them.

It is torchvision's, part for part: the same names in its `state_dict`, and from the same weights
the same losses and the same detections.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.detection import heads, proposals
from vidlearn.detection.kinds import FOR_EACH_MAP, TARGETS
from vidlearn.engine import as_tensor
from vidlearn.models.proposal_network import proposal_network
from vidlearn.models.region_heads import region_heads

BACKBONE = kinds.having("a network that says its out_channels", "out_channels", "parameters")
RGB = kinds.row("three numbers", kinds.NUMBER, 3)
IMAGES = kinds.fitting("a Tensor (N, 3, H, W)", lambda value: getattr(value, "ndim", 0) == 4
                       and value.shape[1] == 3 and hasattr(value, "detach"))


@checked
def faster_rcnn(nn: kinds.NN, classes: kinds.whole(2), backbone: BACKBONE,
                anchor_sizes: FOR_EACH_MAP = ((32, 64, 128, 256, 512),),
                aspect_ratios: FOR_EACH_MAP = ((0.5, 1.0, 2.0),), output_size=7,
                representation_size=1024, image_mean: RGB = (0.485, 0.456, 0.406),
                image_std: RGB = (0.229, 0.224, 0.225),
                proposals: proposals.OPTIONS = proposals.USUAL,
                heads: heads.OPTIONS = heads.USUAL, seed=0):
    """Build the detector for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    In training, `model(images, targets)` gives four losses by name. In evaluation, `model(images)`
    gives {"boxes": (n, 4), "labels": (n,), "scores": (n,)} for each image, as NumPy arrays, the
    highest score first. A target is {"boxes": (n, 4), "labels": (n,)}; n may be 0.

    `classes` counts the background, which is class 0. The backbone gives one map, or a dict of
    maps, the finest first, where one named "pool" only proposes. `seed` chooses the anchors and
    regions that are trained on.

    Shapes   images (N, 3, H, W), all of one size
    Units    images in 0..1; boxes in pixels, right and bottom excluded
    Raises   (the model) ArgumentError for images, boxes or labels that do not fit
    Source   Ren et al., arXiv:1506.01497
    Twin     torchvision.models.detection.FasterRCNN, which also resizes images
    """
    channels = backbone.out_channels

    class FasterRCNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = backbone
            self.rpn = proposal_network(nn, channels, anchor_sizes, aspect_ratios, proposals)
            self.roi_heads = region_heads(nn, channels, classes, output_size, representation_size,
                                          heads)
            self.rng = np.random.default_rng(seed)

        def forward(self, images, targets=None):
            images = IMAGES.look(images, "images")
            targets = _fitting(targets, len(images), classes) if self.training else None
            size = tuple(images.shape[2:])
            maps = self.backbone(normalised(images))
            maps = maps if hasattr(maps, "items") else {"0": maps}
            regions, losses = self.rpn([*maps.values()], size, targets, self.rng)
            maps = [x for name, x in maps.items() if name != "pool"]
            found = self.roi_heads(maps, regions, size, targets, self.rng)
            return losses | found if self.training else found

    def normalised(images):
        mean, std = (as_tensor(np.reshape(numbers, (3, 1, 1)).astype(float), images)
                     for numbers in (image_mean, image_std))
        return (images - mean) / std

    return FasterRCNN()


def _fitting(targets, count, classes):
    targets = TARGETS.look(targets, "targets")
    if len(targets) != count:
        raise ArgumentError(f"targets: {len(targets)} for {count} images; each needs one, with no "
                            "boxes where nothing is there")
    labels = np.concatenate([target["labels"] for target in targets])
    if not np.isin(labels, np.arange(1, classes)).all():
        raise ArgumentError(f"targets: labels must be 1 to {classes - 1}, for 0 is the background;"
                            f" {labels.min()} to {labels.max()} came")
    return targets


@checked
def plain_backbone(nn: kinds.NN, widths: kinds.WIDTHS = (16, 32, 64),
                   strides: kinds.WIDTHS = (2, 2, 1)):
    """A small backbone for small pictures: 3x3 convolutions, batch norm and ReLU.

    Shapes   image (N, 3, H, W)  ->  map (N, widths[-1], H / s, W / s), s the product of the strides
    """
    layers, channels = [], 3
    for width, stride in zip(widths, strides, strict=True):
        layers += [nn.Conv2d(channels, width, 3, stride, padding=1, bias=False),
                   nn.BatchNorm2d(width), nn.ReLU()]
        channels = width
    backbone = nn.Sequential(*layers)
    backbone.out_channels = channels
    return backbone
