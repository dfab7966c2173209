"""C3D: kernels slide over space and time together, so that they can respond to motion."""

from vidlearn.checks import checked, kinds


@checked
def c3d(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, widths: kinds.WIDTHS = (16, 32, 64)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W), T >= 4 and H, W >= 8  ->  scores (N, classes)
    Source   Tran et al., arXiv:1412.0767 (with strides instead of its pools)
    """
    layers, inputs, stride = [], 3, (1, 2, 2)          # the first layer keeps every frame
    for outputs in widths:
        layers += [nn.Conv3d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
                   nn.BatchNorm3d(outputs), nn.ReLU()]
        inputs, stride = outputs, 2
    return nn.Sequential(*layers, nn.AdaptiveAvgPool3d(1), nn.Flatten(),
                         nn.Linear(widths[-1], classes))
