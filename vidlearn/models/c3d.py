"""C3D: boxes of weights slide over space and time together, so that motion is one more shape."""

from vidlearn.checks import given, kinds


def c3d(nn, classes, widths=(16, 32, 64)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W), T from 4 and H and W from 8 up  ->  scores (N, classes)
    Source   Tran et al., arXiv:1412.0767 (with strides in place of its pools)
    """
    layers, inputs, stride = [], 3, (1, 2, 2)          # the first layer keeps every frame
    for outputs in widths:
        layers += [nn.Conv3d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
                   nn.BatchNorm3d(outputs), nn.ReLU()]
        inputs, stride = outputs, 2
    return nn.Sequential(*layers, nn.AdaptiveAvgPool3d(1), nn.Flatten(),
                         nn.Linear(widths[-1], classes))


given.check(globals(), {"nn": kinds.NN, "classes": kinds.whole(1), "widths": kinds.WIDTHS})
