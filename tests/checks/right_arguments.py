"""One right call of every public function and class outside the engine by hand, by its name.

The number that stands for an argument says which numbers it takes: 1 whole ones from 1, 0 from 0,
1.0 any from 0, and a number below 0 those below 0, too. *names are arguments by place.
"""

from types import SimpleNamespace

import numpy as np
from matplotlib.figure import Figure

from vidlearn import engine, evaluation, models, scratch, video
from vidlearn.datasets import augmented, cache, motion, people, shapes
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.street import street
from vidlearn.inference import weights
from vidlearn.vision import background

nn, RNG = scratch.nn, np.random.default_rng
HAND = engine.Engine("scratch")
BYTES = RNG(0).integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)
GREY = RNG(1).uniform(0, 1, (8, 8))
CLIP = BYTES.astype(np.float32) / 255
MASK = GREY > 0.5
TABLE = RNG(2).normal(size=(6, 2))
LABELS, SCORES = np.array([0, 1, 0, 1, 1, 0]), TABLE[:, 0]
GROUPS = np.array(["a", "a", "b", "c", "c", "d"])
CLASSES = ["left", "right"]
SHARES = RNG(3).dirichlet(np.ones(16), (40, 3))
MOVING = motion.motion(4, 0, frames=4, size=16, labels=LABELS[:4])
FIGURES = shapes.shapes(4, 0)
SHEET = np.zeros((20, 30, 3), np.uint8)


class Two:
    """A dataset of two clips, and a network for it."""

    classes = CLASSES

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return np.full((3, 4, 8, 8), float(i), np.float32), i


def net():
    """The smallest of the networks."""
    return models.build("mean_frames", nn, 2, width=1, features=1)


def flat_net():
    """A network for pictures."""
    return nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def files(folder):
    """A film, folders of clips, and a classifier."""
    film = folder / "film.mkv"
    for label in CLASSES:
        for i in (1, 2):
            home = folder / "clips" / label
            home.mkdir(parents=True, exist_ok=True)
            video.write(home / f"{i}.mkv", BYTES, 4)
    video.write(film, BYTES, 4)
    header = weights.Header("mean_frames", CLASSES, 4, (8, 8), {"width": 1, "features": 1})
    weights.save(folder / "w.safetensors", net(), header, HAND)
    return film, folder / "clips", folder / "w.safetensors"


def right(folder):
    """Name -> arguments, of calls that are right."""
    film, clips, trained = files(folder)
    kept = cache.Cache(folder / "cache")
    data = Folder(clips, frames=2, size=8, cache=kept, source=r"(\d)")
    classifier = weights.load(trained, HAND)
    model, flat = net(), flat_net()
    drawn = dict(frames=BYTES, rng=RNG(0))
    part = dict(start=0.0, stop=3.0, unit="frames", step=1, size=4, crop=(0, 0, 4, 4), grey=True,
                strict=True)
    return {
        **of_video(film, folder, drawn, part), **of_vision(), **of_datasets(clips, data, kept),
        **of_scores(), **of_models(model, flat), **of_naive(),
        **of_training(folder, film, clips, trained, data, classifier, model),
        **of_draw(), **of_show(flat), **of_widgets(flat),
    }


def of_video(film, folder, drawn, part):
    frames = dict(frames=BYTES)
    return {
        "video.read.read": dict(path=film, **part, count=2, budget=1e9),
        "video.read.frames": dict(path=film, **part), "video.decoder.probe": dict(path=film),
        "video.write.write": dict(path=folder / "out.mkv", frames=BYTES, fps=4.0, overwrite=True),
        "video.write.to_webm_bytes": dict(frames=BYTES, fps=4.0),
        "video.sample.uniform": dict(total=9, count=3),
        "video.sample.segments": dict(total=9, count=3, rng=RNG(0)),
        "video.sample.random": dict(total=9, count=3, rng=RNG(0)),
        "video.sample.window": dict(total=9, count=3, rng=RNG(0), step=1),
        "video.sample.windows": dict(total=9, count=3, step=1, hop=2),
        "video.shots.histograms": dict(frames=BYTES, bins=16),
        "video.shots.distance": dict(first=SHARES[0], second=SHARES[1]),
        "video.shots.contrast": dict(shares=SHARES, reach=3),
        "video.shots.threshold": dict(values=SCORES, radius=2, factor=6.0, floor=0.1),
        "video.shots.cuts": dict(shares=SHARES, reach=3),
        "video.shots.fades": dict(shares=SHARES, span=16, level=0.3, reach=3),
        "video.shots.spans": dict(starts=[3, 5], total=9),
        "video.transform.resize": dict(**frames, size=4),
        "video.transform.center_crop": dict(**frames, size=4),
        "video.transform.random_crop": dict(**drawn, size=4),
        "video.transform.random_resized_crop": dict(**drawn, size=4, scale=(0.5, 1.0),
                                                    ratio=(0.8, 1.2)),
        "video.transform.rotate": dict(**frames, degrees=-5.0, edge=True),
        "video.transform.random_rotation": dict(**drawn, degrees=5.0),
        "video.transform.horizontal_flip": dict(**drawn, p=0.5),
        "video.transform.reverse": dict(**drawn, p=0.5),
        "video.transform.temporal_crop": dict(**drawn, count=3, speed=(1.0, 2.0)),
        "video.transform.color_jitter": dict(**drawn, brightness=0.2, contrast=0.2,
                                             saturation=0.2),
        "video.transform.grey": frames, "video.transform.to_tensor": frames,
        "video.transform.normalize": dict(clip=CLIP.transpose(3, 0, 1, 2), mean=[0.5] * 3,
                                          std=[0.2] * 3),
    }


def of_vision():
    spread = dict(rate=0.1, deviations=2.5, initial_variance=225.0, min_variance=9.0)
    two, picture = dict(first=GREY, second=GREY), dict(picture=GREY)
    return {
        "vision.background.Background": dict(rate=0.1),
        "vision.background.Background.apply": dict(self=background.Difference(), frame=BYTES[0]),
        "vision.background.Difference": dict(threshold=25.0),
        "vision.background.RunningMean": dict(rate=0.1, threshold=25.0),
        "vision.background.RunningGaussian": dict(**spread, foreground_rate=0.1),
        "vision.background.Mixture": dict(**spread, components=3, background_ratio=0.5),
        "vision.background.foreground_masks": dict(model=background.Difference(), frames=BYTES),
        "vision.background.iou": dict(masks=MASK, truth=MASK),
        "vision.flow.lucas_kanade": dict(**two, window=5, levels=1, steps=1,
                                         min_eigenvalue=1.0),
        "vision.flow.shift": dict(**two, levels=1, steps=1),
        "vision.flow.solve": dict(xx=GREY, xy=GREY, yy=GREY, xt=GREY, yt=GREY),
        "vision.flow.slopes": picture, "vision.flow.halve": picture,
        "vision.flow.warp": dict(**picture, flow=np.zeros((8, 8, 2))),
        "vision.flow.window_mean": dict(**picture, window=3),
        **{f"vision.morphology.{name}": dict(**picture, kernel=3)
           for name in ("erode", "dilate", "opening", "closing")},
        "vision.morphology.components": dict(mask=MASK, kernel=3),
        "vision.morphology.keep_large": dict(mask=MASK, area=2.0, kernel=3),
    }


def of_datasets(clips, data, kept):
    four, labels = dict(n=4, seed=0), LABELS[:4]
    some = people.people([0], frames=2, size=8)
    scene = street(frames=2, size=(16, 16), people=1, cars=0)
    changed = augmented.Augmented(MOVING, lambda frames, label, rng: (frames, label))
    return {
        "datasets.motion.motion": dict(**four, frames=2, size=8, labels=labels, noise=1.0,
                                       speed=-1.0, texture=1.0),
        "datasets.motion.Motion": dict(clips=MOVING.clips, labels=labels, classes=CLASSES),
        "datasets.motion.Motion.subset": dict(self=MOVING, numbers=[0, 1]),
        "datasets.outlines.outlines": dict(**four, size=12, noise=0.1),
        "datasets.outlines.Outlines": dict(pictures=CLIP[:, None, :, :, 0], labels=labels,
                                           classes=CLASSES),
        "datasets.shapes.shapes": dict(**four, size=24, marks=labels, noise=1.0),
        "datasets.shapes.Shapes": dict(pictures=BYTES, labels=labels, masks=BYTES[..., 0],
                                       classes=CLASSES),
        "datasets.recall.recall": dict(**four, lag=2, symbols=4, noise=1.0),
        "datasets.recall.Recall": dict(sequences=np.zeros((4, 3, 2)), labels=labels),
        "datasets.people.people": dict(seeds=[0], frames=2, step=1, size=8),
        "datasets.people.crop_person": dict(scene=scene, person=0, size=8),
        "datasets.people.People": dict(clips=MOVING.clips, labels=labels, streets=labels,
                                       classes=CLASSES),
        "datasets.people.People.subset": dict(self=some, numbers=[0]),
        "datasets.street.render.street": dict(
            seed=0, frames=2, size=(16, 16), people=0, cars=0, light=0.5, sudden=False, shadow=0.3,
            shake=0.0, noise=2.0, occlusion="pole"),
        "datasets.oracle.movement": dict(frames=BYTES, reach=10.0),
        "datasets.oracle.action": dict(frames=BYTES),
        "datasets.load.batches": dict(data=Two(), batch=1, shuffle=True, augment=False, seed=0,
                                      epoch=0, workers=0),
        "datasets.pad.pad_clips": dict(clips=[CLIP, CLIP[:, :4]]),
        "datasets.pad.collate": dict(items=[(CLIP, 0), (CLIP, 1)]),
        "datasets.split.check_split": dict(train_groups=["a"], test_groups=["b"]),
        "datasets.split.split_by_source": dict(groups=GROUPS, fractions=(0.5, 0.5), seed=0,
                                               labels=np.zeros(6)),
        "datasets.split.group_folds": dict(groups=GROUPS, k=2),
        "datasets.split.number_blocks": dict(length=18),
        "datasets.folder.Folder": dict(root=clips, frames=2, size=8, augment=None,
                                       suffixes=(".mkv",), source=r"(\d)", cache=kept),
        "datasets.folder.default_augment": dict(frames=BYTES, rng=RNG(0)),
        "datasets.folder.Folder.subset": dict(self=data, numbers=[0]),
        "datasets.folder.Folder.without": dict(self=data, damaged=[]),
        "datasets.folder.Folder.draw": dict(self=data, i=-1, rng=RNG(0)),
        "datasets.cache.Cache": dict(folder=clips, limit=1e9),
        "datasets.augmented.Augmented": dict(data=MOVING, change=lambda *given: given),
        "datasets.augmented.Augmented.draw": dict(self=changed, i=0, rng=RNG(0)),
        "datasets.real.get": dict(name="digits", folder=clips),
        "datasets.real.fetched_path": dict(file="bikes.mp4"),
    }


def of_scores():
    alarm = dict(scores=SCORES, labels=LABELS)
    result = evaluation.Result(TABLE, LABELS, CLASSES)
    return {
        "evaluation.metrics.confusion_at": dict(**alarm, threshold=-0.5),
        "evaluation.metrics.rates": dict(confusion=np.ones((2, 2), int)),
        **{f"evaluation.metrics.{name}": alarm for name in ("pr_curve", "roc_curve",
            "average_precision")},
        "evaluation.metrics.auc": dict(x=[0.0, 1.0], y=[0.0, 1.0]),
        "evaluation.metrics.bootstrap": {"score": np.mean, "*columns": SCORES, "groups": GROUPS,
            "rounds": 2,
                              "confidence": 0.9, "seed": 0},
        "evaluation.result.Result": dict(scores=TABLE, labels=LABELS, classes=CLASSES,
            names=list("abcdef")),
        "evaluation.result.Result.top_k": dict(self=result, k=1),
        "evaluation.result.Result.interval": dict(self=result, confidence=0.9),
        "evaluation.result.pooled": dict(results=[result]),
        "evaluation.result.wilson": dict(right=0, total=4, confidence=0.9),
        "inference.classify.ranked": dict(probabilities=[0.5, 0.5], classes=CLASSES, top=1),
    }


def of_models(model, flat):
    net = dict(nn=nn, classes=2)
    small = dict(**net, width=1, features=1)
    found, picture = dict(engine=HAND, label=0), CLIP[0].transpose(2, 0, 1)
    return {
        "models.build": dict(**net, name="c3d", mean=-0.5, std=0.2, motion=False),
        "models.c3d.c3d": dict(**net, widths=(1, 2)), "models.crnn.crnn": dict(**small, hidden=1),
        "models.tcn.tcn": dict(**small, dilations=(1,)), "models.frame_cnn.frame_cnn": small,
        "models.mean_frames.mean_frames": small,
        "models.frame_encoder.frame_encoder": dict(nn=nn, width=1, features=1),
        "models.r2plus1d.r2plus1d": dict(**net, widths=(1, 2)),
        "models.r2plus1d.split": dict(nn=nn, inputs=2, outputs=2, stride=(1, 1, 1)),
        "models.frame_encoder.encode_frames": dict(
            encoder=nn.Sequential(nn.Flatten()), clip=scratch.ones(1, 3, 2, 8, 8)),
        "engine.Engine": dict(name="scratch", device="cpu", dtype="float32"),
        "engine.get": dict(name="scratch", device="cpu", dtype="float32"),
        "engine.Engine.tensor": dict(self=HAND, array=GREY),
        "engine.Engine.numpy": dict(self=HAND, tensor=scratch.ones(2)),
        "engine.Engine.to": dict(self=HAND, model=model),
        "engine.Engine.state": dict(self=HAND, model=model),
        "engine.Engine.load": dict(self=HAND, model=model, state=HAND.state(model)),
        "engine.Engine.seed": {"self": HAND, "*numbers": 0},
        "explain.maps.saliency": dict(**found, model=flat, picture=picture, times_input=False,
                                      smooth=0, spread=0.1, seed=0),
        "explain.maps.grad_cam": dict(**found, model=flat, layer=flat[0], clip=picture,
                                      scaled=True),
        "explain.maps.occlusion": dict(**found, model=flat, clip=picture, window=(4, 4), fill=-0.5),
        "explain.sanity.pointing": dict(heat=GREY, mask=MASK, tolerance=1.0),
        "explain.sanity.rank_correlation": dict(a=GREY, b=GREY),
        "explain.sanity.cascade": dict(model=flat, engine=HAND, make_map=HAND.state, seed=0),
    }


def of_naive():
    x, w, b, ones = np.ones((1, 2, 4)), np.ones((2, 2, 2)), np.ones(2), np.ones((1, 2))
    moved = dict(stride=1, padding=0, dilation=1)
    step = dict(x=ones, h=ones, bias_ih=None, bias_hh=None)
    pair = dict(x=ones, target=ones)
    return {f"naive.{name}": given for name, given in {
        "conv": dict(x=x, weight=w, bias=b, **moved, groups=1),
        "conv_transpose": dict(x=x, weight=w, bias=b, **moved, output_padding=0, groups=1),
        "causal_conv": dict(x=x, weight=w, bias=b, dilation=1),
        "max_pool": dict(x=x, kernel_size=2, **moved),
        "avg_pool": dict(x=x, kernel_size=2, stride=1, padding=0),
        "batch_norm": dict(x=x, weight=b, bias=b, eps=1e-5),
        "linear": dict(x=ones, weight=np.ones((3, 2)), bias=np.ones(3)),
        "rnn_step": dict(**step, weight_ih=np.ones((2, 2)), weight_hh=np.ones((2, 2))),
        "lstm_step": dict(**step, c=ones, weight_ih=np.ones((8, 2)), weight_hh=np.ones((8, 2))),
        "gru_step": dict(**step, weight_ih=np.ones((6, 2)), weight_hh=np.ones((6, 2))),
        "cross_entropy": dict(x=ones, target=np.array([0])), "mse_loss": pair, "l1_loss": pair,
        "binary_cross_entropy_with_logits": pair,
        "triplet_margin_loss": dict(anchor=ones, positive=ones, negative=ones, margin=-1.0),
        "distance": dict(a=b, b=b), "sigmoid": dict(z=-1.0),
    }.items()}


def of_training(folder, film, clips, trained, data, classifier, model):
    out = folder / "new.safetensors"
    fast = dict(engine="scratch", device="cpu")
    line = dict(probabilities=np.ones((2, 2)) / 2, classes=CLASSES, top=1)
    shown = weights.load(trained, HAND)
    from vidlearn.inference import timeline as timelines
    timeline = timelines.timeline(film, shown)
    return {
        "training.loop.fit": dict(
            model=model, train=Two(), validation=Two(), engine="scratch", epochs=1, batch=2,
            optimizer="sgd", lr=1e-3, weight_decay=0.0, schedule="constant", label_smoothing=0.0,
            augment=False, seed=0, patience=1, workers=0, progress=False,
            checkpoint=folder / "run.checkpoint", resume=False, about={}),
        "training.config.Config": dict(
            epochs=1, batch=1, optimizer="sgd", lr=0.1, weight_decay=0.0, schedule="constant",
            label_smoothing=0.0, augment=False, seed=0, clips=1, engine="torch", classes=(),
            validation=0, about={}),
        "evaluation.result.evaluate": dict(model=model, data=Two(), engine=HAND, batch=1,
            workers=0),
        "training.recipe.check": dict(out=out, model="c3d", **fast),
            "training.recipe.state_of": dict(out=out),
        "training.recipe.check_start": dict(out=out, resume=False, overwrite=True),
        "training.recipe.read_clips": dict(root=clips, frames=2, size=8, source=r"(\d)",
            skip_damaged=False),
        "training.recipe.split": dict(folder=data, share=0.5, seed=0),
        "training.recipe.learn": dict(training=data, validation=data, out=out, model="mean_frames",
                             motion=False, **fast, seed=0, resume=False),
        "inference.weights.Header": dict(model="c3d", classes=CLASSES, frames=2, size=(8, 8),
            options={},
                               sampling="uniform", seconds=1.0, mean=-0.5, std=0.2),
        "inference.weights.Header.build": dict(self=classifier.header, nn=nn),
        "inference.weights.Classifier.probabilities": dict(self=classifier, clips=np.zeros(
            (1, 3, 4, 8, 8), np.float32)),
        "inference.weights.save": dict(path=out, model=model, header=classifier.header,
            engine=HAND),
        "inference.weights.load": dict(path=trained, engine=HAND),
            "inference.weights.check": dict(path=out),
        "inference.classify.classify": dict(clip=film, classifier=classifier, top=1),
        "inference.timeline.timeline": dict(path=film, classifier=classifier, window=1.0,
            stride=0.5),
        "show.timelines.caption_video": dict(
            timeline=timeline, path=folder / "said.webm", height=32, fps=2.0, top=1),
        "inference.timeline.Timeline.at": dict(self=timeline, second=-0.5),
        "inference.frame_pooling.pool_so_far": dict(scores=TABLE, how="vote"),
        "models.count.cnn_layers": dict(size=224, convs=0, pooling=True, end="flatten", classes=10,
                                        hidden=8),
        "models.count.mebibytes": dict(parameters=9.0),
        "show.timelines.save_timeline": dict(timeline=timeline, path=folder / "plot.png", top=1),
        "compare.agreement.twins": {"name": "relu", "*arrays": GREY, "seed": 0},
        "compare.speed.race": {"name": "relu", "*arrays": GREY, "threads": 1, "seconds": 0.01,
                                "also": {}},
        "course.lesson.start": dict(number="24"), "course.lesson.data": dict(name="README.md"),
        "course.lesson.real": dict(file="bikes.mp4"),
        "show.timelines.timeline": dict(**line, seconds=[0.5, 1.5], caption=""),
    }


def of_draw():
    sheet = dict(picture=SHEET.copy())
    return {f"show.draw.{name}": given for name, given in {
        "canvas": dict(height=0, width=0, colour=(0, 0, 0)),
        "text": dict(**sheet, words="so", x=-2.0, y=-2.0, size=9, colour=(0, 0, 0), align="left",
                     bold=False),
        "text_width": dict(words="so", size=9, bold=False),
        "box": dict(**sheet, x0=-1.0, y0=-1.0, x1=-0.5, y1=-0.5,
                    colour=(0, 0, 0), thickness=1),
        "arrow": dict(**sheet, start=(1.0, 1.0), end=(9.0, 9.0), colour=(0, 0, 0), thickness=1),
        "heat": dict(values=GREY, cell=2, colours="grey", low=-2.0, high=-1.0),
        "cells": dict(matrix=GREY, cell=9, digits=0, colours="grey", low=-2.0, high=-1.0, size=9),
        "enlarge": dict(picture=SHEET, times=2), "shrink": dict(picture=SHEET, width=9),
        "beside": {"*pictures": SHEET, "gap": 0}, "below": {"*pictures": SHEET, "gap": 0},
        "titled": dict(picture=SHEET, words="so", size=9, bold=False),
    }.items()}


def of_show(flat):
    line = dict(values=[1.0, 2.0], names=CLASSES)
    return {f"show.{name}": given for name, given in {
        "pictures.image": dict(picture=BYTES[0], caption="", scale=1),
        "pictures.images": dict(pictures=BYTES, titles=list("abcd"), caption="", columns=2,
                                scale=1),
        "pictures.contact_sheet": dict(clip=BYTES, times=[0, 1], columns=2, count=2, caption=""),
        "pictures.matrices": dict(named={"x": GREY}, caption="", digits=0, cell=9,
                                  reach=1.0),
        "player.player": dict(clip=BYTES, fps=4.0, scale=1, caption="", stills=0, autoplay=False),
        "plots.curves": dict(history={"loss": [1.0, 0.5]}, caption=""),
        "plots.confusion": dict(matrix=np.eye(2), classes=CLASSES, caption=""),
        "plots.bars": dict(**line, caption="", unit="", log=False, labels=CLASSES),
        "plots.race": dict(result=SimpleNamespace(name="relu", ratios={"NumPy": 2.0})),
        "overlay.mask_errors": dict(mask=MASK, truth=MASK),
        "overlay.overlay": dict(clip=BYTES, heatmap=BYTES[..., 0] / 255, strength=0.5),
        "source.source": dict(function=files, docstring=False),
        "style.axes": dict(rows=1, columns=1, width=4.0, height=3.0),
        "style.figure": dict(chart=Figure(), caption=""),
        "weights.filters": dict(weight=np.ones((2, 3, 2, 2)), caption="", columns=2),
        "weights.kernels": dict(weight=np.ones((2, 3, 2, 2, 2)), caption="", fps=3.0, channel=0),
        "live.live": {"*draw": lambda: (SHEET, ""), "film": False, "columns": 1},
    }.items()}


def of_widgets(flat):
    chances = np.full((4, 2), 0.5)
    lstm = [np.ones((8, 3)), np.ones((8, 2)), np.ones(8)]
    return {f"show.{name}": given for name, given in {
        "widgets.video_classifier.robustness": dict(film=lambda *_: BYTES, ask=lambda _: chances[0],
                                    classes=CLASSES),
        "widgets.clips.augmentations": dict(frames=BYTES),
        "widgets.cnn.parameter_counts": dict(classes=10, hidden=8),
        "widgets.lstm.lstm_gates": dict(sequences=np.ones((2, 4, 3)), labels=[0, 1], weights=lstm,
                            answer=np.argmax),
        "widgets.crnn.hidden_states": dict(data=MOVING, read=lambda frames: (chances, chances)),
        "widgets.grad_cam.attribution_maps": dict(
            model=flat, engine=HAND, data=FIGURES, layer="0", seed=0),
        "widgets.gradients.neuron": dict(x1=-1.0, x2=-2.0, t=-1.0),
        "widgets.start.pixel": dict(frames=BYTES),
        "widgets.tcn.receptive_field": dict(steps=8), "widgets.frames.scrubber": dict(clip=BYTES,
            seed=0),
        "widgets.convolution.sliding_kernel": dict(x=GREY, weight=GREY[:2, :2]),
        "widgets.convolution.kernel_editor": dict(frames=CLIP[..., 0]),
        "widgets.frame_classifier.frame_probabilities": dict(
            films=[BYTES], scores=[TABLE[:4]], classes=CLASSES, start=0),
        "widgets.pooling.pooling_switches": dict(x=GREY),
        "widgets.measuring.threshold": dict(scores=SCORES, labels=LABELS, unit="score",
            start=-0.5),
        "widgets.motion.background_model": dict(
            frames=BYTES, truth=BYTES[..., 0], start=25.0, rate=0.02),
    }.items()}

