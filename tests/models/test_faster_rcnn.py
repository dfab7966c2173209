"""Our Faster R-CNN is torchvision's: its keys, its detections, its losses and its gradients."""

import numpy as np
import pytest
import torch
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.ops import MultiScaleRoIAlign

from vidlearn.checks import ArgumentError
from vidlearn.detection.heads import HeadOptions
from vidlearn.detection.proposals import ProposalOptions
from vidlearn.engine import Engine
from vidlearn.models.faster_rcnn import faster_rcnn, plain_backbone

OURS, THEIRS = (Engine(name, dtype="float64") for name in ("scratch", "torch"))
BOTH = pytest.mark.parametrize("engine", [OURS, THEIRS], ids=["scratch", "torch"])
SIZES, RATIOS, CLASSES = ((14, 26, 38),), ((1.0, 2.4),), 3
ALL = 100_000                              # so many that no sampler leaves any out


def backbone(nn, levels=1):
    """Two small convolutions; with several levels, each map half as fine as the one before."""
    class Backbone(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(3, 6, 3, stride=4, padding=1)
            self.more = nn.ModuleList([nn.Conv2d(6, 6, 3, stride=2, padding=1)
                                       for _ in range(levels)])
            self.out_channels = 6

        def forward(self, x):
            maps, x = {}, nn.functional.relu(self.first(x))
            for i, layer in enumerate(self.more):
                x = maps[str(i)] = nn.functional.relu(layer(x))
            return maps if levels > 1 else x

    return Backbone()


def ours(engine, levels=1, batch=64, **options):
    return engine.to(faster_rcnn(
        engine.nn, CLASSES, backbone(engine.nn, levels), SIZES * levels, RATIOS * levels,
        output_size=5, representation_size=24,
        proposals=ProposalOptions((200, 150), (50, 40), batch_size_per_image=batch),
        heads=HeadOptions(batch_size_per_image=batch, detections_per_img=20), **options))


def torchvisions(levels=1, batch=64):
    names = [str(i) for i in range(levels)]
    torch.manual_seed(3)
    model = FasterRCNN(
        backbone(torch.nn, levels), min_size=96, max_size=128,
        rpn_anchor_generator=AnchorGenerator(SIZES * levels, RATIOS * levels),
        rpn_pre_nms_top_n_train=200, rpn_pre_nms_top_n_test=150, rpn_post_nms_top_n_train=50,
        rpn_post_nms_top_n_test=40, rpn_batch_size_per_image=batch, box_batch_size_per_image=batch,
        box_roi_pool=MultiScaleRoIAlign(names, 5, 2), box_detections_per_img=20,
        box_head=TwoMLPHead(6 * 25, 24), box_predictor=FastRCNNPredictor(24, CLASSES)).double()
    with torch.no_grad():                  # far from their start, so that detections differ
        for name, parameter in model.named_parameters():
            parameter += torch.randn_like(parameter) * (0.2 if "bias" in name else
                                                        0.3 * parameter.std())
            if any(part in name for part in ("cls", "fc", "bbox")):
                parameter *= 3
    return model


def images(n=3, size=(96, 128), seed=0):
    blocks = np.random.default_rng(seed).random((n, 3, size[0] // 8, size[1] // 8))
    return blocks.repeat(8, 2).repeat(8, 3)


def targets(counts=(2, 1, 3), seed=1):
    rng = np.random.default_rng(seed)
    corners = [rng.uniform(0, 60, (n, 2)) for n in counts]
    return [{"boxes": np.hstack([c, c + rng.uniform(10, 40, c.shape)]),
             "labels": rng.integers(1, CLASSES, len(c))} for c in corners]


def as_torch(target):
    return {name: torch.tensor(value) for name, value in target.items()}


@BOTH
@pytest.mark.parametrize("levels", [1, 3])
def test_the_same_weights_give_the_same_detections(engine, levels):
    theirs, model = torchvisions(levels).eval(), ours(engine, levels)
    assert list(model.state_dict()) == list(theirs.state_dict())
    engine.load(model, THEIRS.state(theirs))
    x = images()
    with torch.no_grad():
        wanted = theirs(list(torch.tensor(x)))
    with engine.no_grad():
        found = model.eval()(engine.tensor(x))

    assert sum(len(image["boxes"]) for image in wanted) >= 30
    for one, other in zip(found, wanted, strict=True):
        for name in ("boxes", "scores"):
            np.testing.assert_allclose(one[name], other[name].numpy(), atol=1e-10)
        np.testing.assert_array_equal(one["labels"], other["labels"])


@BOTH
@pytest.mark.parametrize("levels", [1, 3])
@pytest.mark.parametrize("counts", [(2, 1, 3), (2, 0, 1), (0, 0, 0)])
def test_the_losses_and_all_gradients_are_torchvisions(engine, levels, counts):
    theirs, model = torchvisions(levels, ALL).train(), ours(engine, levels, ALL).train()
    engine.load(model, THEIRS.state(theirs))
    x, truth = images(), targets(counts)
    wanted = theirs(list(torch.tensor(x)), [as_torch(target) for target in truth])
    losses = model(engine.tensor(x), truth)
    sum(wanted.values()).backward()
    sum(losses.values()).backward()

    assert set(losses) == set(wanted)
    for name, loss in losses.items():      # torchvision rounds one loss to float32 on its way
        np.testing.assert_allclose(loss.item(), wanted[name].item(), atol=1e-6)
    parameters = dict(theirs.named_parameters())
    for name, parameter in model.named_parameters():
        gradient = parameters[name].grad.numpy()
        np.testing.assert_allclose(engine.numpy(parameter.grad), gradient,
                                   atol=1e-6 * max(abs(gradient).max(), 1), err_msg=name)


@BOTH
def test_where_nothing_is_proposed_nothing_is_found(engine):
    model = ours(engine).eval()
    engine.load(model, {name: 0 * value for name, value in engine.state(model).items()})
    model.rpn.head.bbox_pred.bias.data[:] = -100.0           # every box ends up outside the image
    with engine.no_grad():
        found = model(engine.tensor(images(2)))
    assert [{name: x.shape for name, x in image.items()} for image in found] == [
        {"boxes": (0, 4), "labels": (0,), "scores": (0,)}] * 2


@BOTH
def test_an_image_without_objects_is_trained_on(engine):
    model = ours(engine).train()
    losses = model(engine.tensor(images(2)), targets((0, 0)))
    assert losses["loss_rpn_box_reg"].item() == losses["loss_box_reg"].item() == 0
    sum(losses.values()).backward()
    assert abs(engine.numpy(model.rpn.head.cls_logits.bias.grad)).max() > 0


def test_the_seed_chooses_what_is_trained_on():
    def objectness(seed):
        OURS.seed(0)
        model = ours(OURS, batch=8, seed=seed)
        return model(OURS.tensor(images(2)), targets((2, 3)))["loss_objectness"].item()

    assert objectness(0) == objectness(0) != objectness(1)


def test_training_lets_a_detector_find_what_it_was_shown():
    x, truth = np.zeros((2, 3, 48, 48)), targets((1, 1))
    for image, target in zip(x, truth, strict=True):
        target["boxes"] = np.array([[8.0, 8.0, 24.0, 32.0]]) + 8 * len(target["boxes"])
        target["labels"] = np.array([1])
        left, top, right, bottom = target["boxes"][0].astype(int)
        image[:, top:bottom, left:right] = 1
    OURS.seed(0)
    model = OURS.to(faster_rcnn(OURS.nn, 2, plain_backbone(OURS.nn, (8, 8), (2, 2)), ((16, 24),),
                                ((1.5,),), output_size=3, representation_size=16))
    optimizer = OURS.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(60):
        loss = sum(model(OURS.tensor(x), truth).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with OURS.no_grad():
        found = model.train(False)(OURS.tensor(x))
    for image, target in zip(found, truth, strict=True):
        np.testing.assert_allclose(image["boxes"][0], target["boxes"][0], atol=3)
        assert image["labels"][0] == 1


@pytest.mark.parametrize("change, words", [
    (lambda truth: truth[:1], "1 for 2 images"),
    (lambda truth: None, "targets must be a list"),
    (lambda truth: [{"boxes": t["boxes"]} for t in truth], "it has no 'labels'"),
    (lambda truth: [t | {"labels": t["labels"] * 0} for t in truth], "0 is the background"),
    (lambda truth: [t | {"labels": t["labels"] + 9} for t in truth], "must be 1 to 2"),
    (lambda truth: [t | {"labels": t["labels"][:1]} for t in truth], "2 boxes and 1 labels"),
    (lambda truth: [t | {"boxes": t["boxes"][:, ::-1]} for t in truth],
     "box 0 .* must not be less than left and top"),
    (lambda truth: [t | {"boxes": t["boxes"] * np.nan} for t in truth], "box 0 .* be finite"),
])
def test_targets_that_do_not_fit_are_refused(change, words):
    with pytest.raises(ArgumentError, match=words):
        ours(OURS).train()(OURS.tensor(images(2)), change(targets((2, 2))))


def test_what_is_no_batch_of_images_is_refused():
    with pytest.raises(ArgumentError, match=r"images must be a Tensor \(N, 3, H, W\)"):
        ours(OURS).eval()(OURS.tensor(images(1)[0]))
    with pytest.raises(ArgumentError, match="heads must be HeadOptions"):
        faster_rcnn(OURS.nn, 2, plain_backbone(OURS.nn), ((8,),), ((1.0,),), heads=3)
