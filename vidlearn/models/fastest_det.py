"""FastestDet: a detector of 244,490 weights without anchors, small enough for a film on a CPU.

Its layers have the names of the published network, so that the published weights fit.
"""

from vidlearn.checks import checked, kinds
from vidlearn.engine import library_of

WIDTHS, BLOCKS = (24, 48, 96), (4, 8, 4)       # of the three stages; a stage gives 2 * width
NECK = 96


@checked
def fastest_det(nn: kinds.NN, classes: kinds.POSITIVE_COUNT = 80):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    For each cell of 16x16 pixels it says whether an object is there (0..1), four numbers for its
    box, and the probability of each class. `vidlearn.inference.detector` makes boxes of them.

    Shapes   images (N, 3, H, W), H and W multiples of 32  ->  (N, 5 + classes, H / 16, W / 16)
    Units    images in 0..1, their channels in the order blue, green, red
    Source   https://github.com/dog-qiuqiu/FastestDet (BSD-3-Clause)
    """
    cat = library_of(nn).cat

    class FastestDet(nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = _backbone(nn)
            self.upsample = nn.Upsample(scale_factor=2, mode="nearest")
            self.avg_pool = nn.AvgPool2d(3, stride=2, padding=1)
            self.SPP = _neck(nn, 2 * sum(WIDTHS))
            self.detect_head = _head(nn, classes)

        def forward(self, images):
            fine, middle, coarse = self.backbone(images)
            maps = cat([self.avg_pool(fine), middle, self.upsample(coarse)], 1)
            return self.detect_head(self.SPP(maps))

    return FastestDet()


def _backbone(nn):
    """ShuffleNetV2: three maps, of 1/8, 1/16 and 1/32 of the image's size."""
    block = _block(nn)

    class Backbone(nn.Module):
        def __init__(self):
            super().__init__()
            self.first_conv = nn.Sequential(*_conv(nn, 3, WIDTHS[0], 3, stride=2), nn.ReLU())
            self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
            self.stage2, self.stage3, self.stage4 = (
                nn.Sequential(*(block(width, stride=1 if i else 2) for i in range(count)))
                for width, count in zip(WIDTHS, BLOCKS, strict=True))

        def forward(self, x):
            fine = self.stage2(self.maxpool(self.first_conv(x)))
            middle = self.stage3(fine)
            return fine, middle, self.stage4(middle)

    return Backbone()


def _block(nn):
    """The class of ShuffleNetV2's block: half of the channels are convolved, half pass."""
    cat = library_of(nn).cat

    class Block(nn.Module):
        def __init__(self, width, stride):
            super().__init__()
            self.branch_main = nn.Sequential(
                *_conv(nn, width, width), nn.ReLU(),
                *_depthwise(nn, width, 3, stride),
                *_conv(nn, width, width), nn.ReLU())
            self.branch_proj = nn.Sequential(
                *_depthwise(nn, width, 3, stride),
                *_conv(nn, width, width), nn.ReLU()) if stride == 2 else None

        def forward(self, x):
            if self.branch_proj is not None:
                return cat([self.branch_proj(x), self.branch_main(x)], 1)
            return cat([x[:, ::2], self.branch_main(x[:, 1::2])], 1)     # this mixes the halves

    return Block


def _neck(nn, inputs):
    """Views of three sizes: one, two and three 5x5 convolutions of the same map, side by side."""
    cat = library_of(nn).cat

    def view(count):
        return nn.Sequential(*(layer for _ in range(count) for layer in (
            *_depthwise(nn, NECK, 5), nn.ReLU())))

    class Neck(nn.Module):
        def __init__(self):
            super().__init__()
            self.Conv1x1 = nn.ModuleDict({"conv1x1": _pointwise(nn, inputs, NECK)})
            self.S1, self.S2, self.S3 = view(1), view(2), view(3)
            self.output = nn.Sequential(*_conv(nn, 3 * NECK, NECK))
            self.relu = nn.ReLU()

        def forward(self, x):
            x = self.Conv1x1["conv1x1"](x)
            return self.relu(x + self.output(cat([self.S1(x), self.S2(x), self.S3(x)], 1)))

    return Neck()


def _head(nn, classes):
    """Is an object there, where is its box, and what is it? Three branches on one map."""
    cat = library_of(nn).cat

    def branch(outputs):
        return nn.ModuleDict({"conv5x5": nn.Sequential(
            *_depthwise(nn, NECK, 5), nn.ReLU(), *_conv(nn, NECK, outputs))})

    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1x1 = nn.ModuleDict({"conv1x1": _pointwise(nn, NECK, NECK)})
            self.obj_layers, self.reg_layers, self.cls_layers = map(branch, (1, 4, classes))
            self.sigmoid, self.softmax = nn.Sigmoid(), nn.Softmax(1)

        def forward(self, x):
            x = self.conv1x1["conv1x1"](x)
            there, box, what = (layers["conv5x5"](x) for layers in (
                self.obj_layers, self.reg_layers, self.cls_layers))
            return cat([self.sigmoid(there), box, self.softmax(what)], 1)

    return Head()


def _conv(nn, inputs, outputs, kernel=1, stride=1, groups=1):
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs)]


def _depthwise(nn, width, kernel, stride=1):
    return _conv(nn, width, width, kernel, stride, groups=width)


def _pointwise(nn, inputs, outputs):
    return nn.Sequential(*_conv(nn, inputs, outputs), nn.ReLU())
