"""A crowd on the street hides itself, and the truth about it stays exact."""

import numpy as np
import pytest

from vidlearn.datasets.street import ACTIONS, JOINTS, street
from vidlearn.datasets.street.animation import FPS
from vidlearn.datasets.street.crowd import APART, FAR, FIRST, LAST, NEAR, route, traffic

PEOPLE, CAR_LENGTH = 10, 4.2
WHOLE = "frames", "masks", "boxes", "visible", "actions", "joints", "light", "shift"


@pytest.fixture(scope="module")
def crowd():
    return street(20, frames=200, people=PEOPLE, cars=3, crowd=True, occlusion="column")


def test_boxes_shares_and_identities_are_exact(crowd):
    """Boxes are tight around masks, and a joint that is seen lies in its own person's mask."""
    for t, k in np.ndindex(crowd.visible.shape):
        y, x = np.nonzero(crowd.masks[t] == k + 1)
        box = [x.min(), y.min(), x.max() + 1, y.max() + 1] if len(x) else [0, 0, 0, 0]
        assert crowd.boxes[t, k].tolist() == box
        assert (crowd.visible[t, k] > 0) == (len(x) > 0)
    assert crowd.visible.min() >= 0 and crowd.visible.max() <= 1
    pelvis = crowd.joints[:, :PEOPLE, JOINTS.index("pelvis")]
    clear = (crowd.visible[:, :PEOPLE] > .99) & (pelvis > 2).all(-1) & (pelvis < [158, 118]).all(-1)
    t, k = np.nonzero(clear)
    x, y = pelvis[t, k].astype(int).T
    assert len(t) > 200 and (crowd.masks[t, y, x] == k + 1).mean() > .98


def test_the_visible_share_is_what_the_others_leave():
    """The paths of the first people do not depend on how many follow: so masks can be compared."""
    alone = [street(8, frames=40, people=n, cars=0, crowd=True) for n in (1, 8)]
    before, after = (clip.masks == 1 for clip in alone)
    assert (before | ~after).all()
    there = before.any((1, 2)) & (alone[0].visible[:, 0] > .999)
    share = after[there].sum((1, 2)) / before[there].sum((1, 2))
    np.testing.assert_allclose(alone[1].visible[there, 0], share, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_hides_itself_more_than_the_usual_people(seed):
    def hidden(**options):
        clip = street(seed, frames=200, cars=0, noise=0, size=(60, 80), **options)
        pelvis = clip.joints[:, :, JOINTS.index("pelvis")]
        inside = ((pelvis > 0) & (pelvis < [80, 60])).all(-1)
        return (clip.visible[inside] < .5).mean(), (clip.visible[inside] < .1).mean()
    usual, crowded = hidden(people=6), hidden(people=10, crowd=True)
    column = hidden(people=10, crowd=True, occlusion="column")
    assert crowded[0] > 1.2 * usual[0]
    assert column[0] > crowded[0] and column[1] > .05


def test_people_walk_both_ways_at_several_depths_stop_and_turn():
    plans = [route(np.random.default_rng(k), k, 300) for k in range(40)]
    paths = np.stack([plan.path for plan in plans])
    assert paths[..., 0].min() >= NEAR and paths[..., 0].max() <= FAR
    assert paths[..., 1].min() > FIRST - 1 and paths[..., 1].max() < LAST + 1
    assert np.ptp(paths[..., 0].mean(1)) > 1.5                # metres apart
    way = np.sign(np.diff(paths[..., 1], axis=1).sum(1))
    assert 10 < (way > 0).sum() < 30
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=-1) * FPS
    assert steps.max() < 1.6 * 1.35                           # metres a second
    stand = np.stack([plan.actions for plan in plans]) == ACTIONS.index("stand")
    assert 5 < stand.any(1).sum() < 25 and steps[stand[:, 1:]].min() < .02
    turned = [np.ptp(plan.heading) > 2.5 for plan in plans]
    assert 5 < sum(turned) < 35
    for plan, step in zip(plans, steps, strict=True):         # feet move only while people do
        gait = np.diff(plan.phase) * 1.35 / (2 * np.pi) * FPS
        np.testing.assert_allclose(gait, step, atol=.05)


def test_people_face_where_they_go():
    plan = route(np.random.default_rng(1), 0, 200)
    step = np.diff(plan.path, axis=0)
    quick = np.linalg.norm(step, axis=1) * FPS > .8
    gone = np.arctan2(step[:, 1], step[:, 0])
    turn = np.angle(np.exp(1j * (gone - plan.heading[1:])))
    assert quick.sum() > 100 and np.quantile(np.abs(turn[quick]), .9) < .1


@pytest.mark.parametrize("cars, frames", [(1, 50), (3, 100), (8, 100), (6, 400)])
def test_cars_keep_apart(cars, frames):
    paths = np.stack(traffic(np.random.default_rng(cars), cars, frames, -1))
    places = np.sort(paths[:, :, 1], axis=0)
    assert paths.shape == (cars, frames, 2)
    assert (np.diff(places, axis=0) > CAR_LENGTH + 2).all()
    assert APART * FPS * cars > frames or ((paths[:, 0, 1] > 11) & (paths[:, -1, 1] < 11)).all()


def test_cars_appear_large_and_whole_enough_to_be_judged():
    """Each car of three in four seconds is at least 20 pixels high and half visible for 20 frames.

    That is what a detector is judged by: in frames of 120x160.
    """
    for seed in range(4):
        clip = street(seed, frames=100, people=6, cars=3, crowd=True)
        box, share = clip.boxes[:, 6:], clip.visible[:, 6:]
        good = (box[..., 3] - box[..., 1] >= 16) & (share > .5)
        assert good.sum(0).min() >= 10, seed
        assert good.any(1).mean() > .5


@pytest.mark.parametrize("options", [
    dict(), dict(shake=1.5, light=(1, .2), sudden=True, occlusion="pole"), dict(crowd=True)])
def test_a_step_paints_the_same_frames(options):
    whole = street(4, frames=30, **options)
    few = street(4, frames=30, step=7, **options)
    for name in WHOLE:
        np.testing.assert_array_equal(getattr(few, name), getattr(whole, name)[::7], name)
    np.testing.assert_array_equal(few.background, whole.background)
    assert len(few) == 5 and few.fps == FPS / 7 and whole.fps == FPS


@pytest.mark.parametrize("options", [
    dict(frames=1), dict(people=0, cars=0), dict(people=30, cars=9), dict(step=100),
    dict(size=(33, 64), shake=2)])
def test_small_crowds_and_odd_sizes(options):
    options = dict(frames=4, people=3, cars=1) | options
    clip = street(1, crowd=True, **options)
    assert clip.visible.shape == (1 if "step" in options else options["frames"],
                                  options["people"] + options["cars"])
    assert clip.background.std() > 20
    assert np.isfinite(clip.joints[:, :options["people"]]).all()


@pytest.mark.parametrize("step", [0, -1, 1.5, "2"])
def test_a_step_that_is_no_count_is_refused(step):
    with pytest.raises(ValueError, match="step must be a whole number, 1 or more"):
        street(step=step)


def test_parked_cars_become_actors_and_no_pixel_changes():
    options = dict(frames=20, people=4, cars=2, shake=1, light=(1, .3), noise=0)
    before, after = street(3, **options), street(3, parked=True, **options)
    np.testing.assert_array_equal(after.frames, before.frames)
    np.testing.assert_array_equal(after.background, before.background)
    moving = 6
    parked = after.visible.shape[1] - moving
    assert 2 <= parked <= 5 and (after.kinds[moving:] == 1).all()
    assert (after.actions[:, moving:] == ACTIONS.index("stand")).all()
    for name in ("boxes", "actions"):
        np.testing.assert_array_equal(getattr(after, name)[:, :moving], getattr(before, name))
    assert (np.where(after.masks > moving, 0, after.masks) == before.masks).all()
    near = after.boxes[:, moving]
    assert (near[:, 3] - near[:, 1] > 20).all() and after.visible[:, moving].mean() > .7


def test_a_person_who_crosses_the_road_hides_a_parked_car():
    clip = street(0, frames=200, people=6, cars=0, parked=True)
    share = clip.visible[:, 6]
    assert share.max() > .9 and .05 < np.ptp(share) < .5
    still = clip.boxes[:, 6][share > share.max() - 1e-9]
    assert (still == still[0]).all()


def test_parked_cars_count_among_the_actors():
    with pytest.raises(ValueError, match="200 people and 50 cars and 5 parked ones are more"):
        street(people=200, cars=50, parked=True)
