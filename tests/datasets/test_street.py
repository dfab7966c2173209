"""Street: the ground truth about pixels, boxes and joints holds under every option."""

import numpy as np
import pytest

from vidlearn.datasets.street import ACTIONS, JOINTS, KINDS, ROLES, Street, street
from vidlearn.datasets.street.animation import plan, skeleton
from vidlearn.datasets.street.camera import Camera

SHORT = dict(seed=5, frames=60)
TRUTH = "masks", "boxes", "visible", "actions", "kinds", "joints"


@pytest.fixture(scope="module")
def clip():
    return street(noise=0, **SHORT)


@pytest.fixture(scope="module")
def bodies():
    """The joints in the world (T, 17, 3) and the plan, of each role."""
    quiet = np.zeros(200, bool)
    plans = {role: plan(np.random.default_rng(3), role, 200, quiet) for role in ROLES}
    return {role: (skeleton(motion, 1.75), motion) for role, motion in plans.items()}


def same_truth(a, b, names=TRUTH):
    for name in names:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), name)


def joint(body, name):
    return body[..., JOINTS.index(name), :]


def test_the_same_arguments_give_the_same_clip():
    few = dict(frames=8, shake=1, light=(1, .2), occlusion="tree")
    a, b, c = street(1, **few), street(1, **few), street(2, **few)
    np.testing.assert_array_equal(a.frames, b.frames)
    same_truth(a, b, (*TRUTH, "background", "light", "shift"))
    assert (a.frames != c.frames).any((1, 2, 3)).all()


def test_shapes(clip):
    assert clip.frames.shape == (60, 120, 160, 3) and clip.frames.dtype == np.uint8
    assert clip.masks.shape == (60, 120, 160) and clip.masks.dtype == np.uint8
    assert clip.background.shape == (120, 160, 3) and clip.background.dtype == np.uint8
    assert clip.boxes.shape == (60, 8, 4) and clip.joints.shape == (60, 8, 17, 2)
    assert clip.visible.shape == clip.actions.shape == (60, 8)
    assert [KINDS[k] for k in clip.kinds] == ["person"] * 6 + ["car"] * 2
    assert len(clip) == 60 and repr(clip) == "Street(60 frames, 160x120, 6 people, 2 cars)"
    assert isinstance(clip, Street)


@pytest.mark.parametrize("options", [
    dict(frames=1), dict(frames=4, people=0, cars=0), dict(frames=4, people=0),
    dict(frames=3, people=9, cars=0, size=(33, 64)), dict(frames=3, size=(64, 40), shake=2)])
def test_small_clips_and_odd_sizes(options):
    clip = street(**options)
    height, width = options.get("size", (120, 160))
    actors = options.get("people", 6) + options.get("cars", 2)
    assert clip.frames.shape == (options["frames"], height, width, 3)
    assert clip.boxes.shape == (options["frames"], actors, 4)
    assert clip.masks.max(initial=0) <= actors
    assert clip.background.std() > 20                        # the scene is not empty


def test_boxes_are_tight_around_masks(clip):
    seen = 0
    for t, k in np.ndindex(clip.visible.shape):
        y, x = np.nonzero(clip.masks[t] == k + 1)
        box = [x.min(), y.min(), x.max() + 1, y.max() + 1] if len(x) else [0, 0, 0, 0]
        assert clip.boxes[t, k].tolist() == box
        assert (clip.visible[t, k] > 0) == (len(x) > 0)
        seen += len(x) > 0
    assert seen > 200 and clip.visible.max() <= 1


def test_masks_lie_where_the_frame_differs_from_the_background(clip):
    """Within a mask nearly every pixel has changed; outside there are only shadows, all darker."""
    change = clip.frames.astype(int) - clip.background
    inside = clip.masks > 0
    assert (np.abs(change).max(-1) > 8)[inside].mean() > .95
    edge = inside.copy()
    for axis in 1, 2:                                        # an edge is partly covered
        edge |= np.roll(edge, 1, axis) | np.roll(edge, -1, axis)
    assert (change[~edge] > 0).mean() < 1e-3                 # except a finger between two pixels
    shadow = (change.max(-1) < -8) & ~edge
    assert .001 < shadow.mean() < .1


def test_a_shadow_takes_its_fraction_of_light(clip):
    bright, dark = (street(noise=0, shadow=shadow, **SHORT) for shadow in (0, .6))
    same_truth(bright, dark)
    ground = clip.background.mean(-1) > 80
    ratio = dark.frames[:, ground].astype(float).mean(-1) / bright.frames[:, ground].mean(-1)
    assert ratio.max() <= 1 and abs(ratio.min() - .4) < .02
    assert (bright.frames[clip.masks == 0] != np.broadcast_to(
        clip.background, clip.frames.shape)[clip.masks == 0]).any(-1).mean() < .02       # edges


def test_without_actors_every_frame_is_the_background():
    clip = street(frames=3, people=0, cars=0, noise=0)
    assert (clip.frames == clip.background).all() and not clip.masks.any()


def test_identities_stay_and_move_smoothly():
    clip = street(seed=2, frames=150, noise=0)
    people = np.flatnonzero(clip.kinds == 0)
    steps = np.linalg.norm(np.diff(clip.joints[:, people, JOINTS.index("pelvis")], axis=0), axis=-1)
    assert steps.max() < 5 and steps.max(0).min() > .2       # pixels a frame; everybody moves
    both = (clip.visible[1:] > 0) & (clip.visible[:-1] > 0)
    whole = both & (clip.visible[1:] > .99) & (clip.visible[:-1] > .99)
    middles = (clip.boxes[..., :2] + clip.boxes[..., 2:]) / 2
    assert np.abs(np.diff(middles, axis=0))[whole].max() < 14
    for k in people:                                         # everyone keeps the same shirt
        chest = clip.joints[:, k, [1, 2]].mean(1).astype(int)
        inside = ((chest >= 0) & (chest < [160, 120])).all(1)
        t = np.flatnonzero(inside)
        x, y = chest[t].T
        own = clip.masks[t, y, x] == k + 1
        shirts = clip.frames[t[own], y[own], x[own]].astype(int)
        away = np.abs(shirts - np.median(shirts, 0)).max(1)
        assert len(shirts) > 5 and np.median(away) < 25


def test_joints_lie_on_their_own_mask():
    """A pelvis that nobody hides lies in the mask of its person."""
    clip = street(seed=2, frames=40, noise=0)
    x, y = np.moveaxis(clip.joints[:, :6, JOINTS.index("pelvis")], -1, 0)
    hits = [clip.masks[t, int(y[t, k]), int(x[t, k])] == k + 1 for t, k in np.ndindex(40, 6)
            if clip.visible[t, k] > .99 and 2 < x[t, k] < 158 and 2 < y[t, k] < 118]
    assert len(hits) > 50 and np.mean(hits) > .95


def test_people_in_front_hide_those_behind():
    """A mask loses pixels only to others in front; `visible` is the fraction that is left."""
    alone, crowd = (street(seed=8, frames=60, people=n, cars=0) for n in (1, 3))
    before, after = alone.masks == 1, crowd.masks == 1
    assert (before | ~after).all()
    assert (crowd.masks[before & ~after] > 1).all()
    free = np.flatnonzero(alone.visible[:, 0] == 1)
    share = after[free].sum((1, 2)) / before[free].sum((1, 2))
    np.testing.assert_allclose(crowd.visible[free, 0], share, atol=1e-12)


@pytest.mark.parametrize("thing", ["pole", "tree", "column"])
def test_an_occlusion_hides_and_changes_nothing_else(clip, thing):
    front = street(noise=0, occlusion=thing, **SHORT)
    same_truth(clip, front, ("actions", "kinds", "joints"))
    lost = front.masks != clip.masks
    assert lost.any() and not front.masks[lost].any()
    assert (front.visible <= clip.visible + 1e-12).all()
    assert front.visible.sum() < clip.visible.sum()
    always = (front.background != clip.background).any(-1)
    assert not lost[:, ~always].any()


def test_far_people_are_smaller():
    camera = Camera(120, 160)
    feet = np.array([[4., y, 0] for y in (8, 16, 32)])
    tall = np.diff([camera.project(feet + [0, 0, z])[0][:, 1] for z in (1.75, 0)], axis=0)[0]
    assert (np.diff(tall) < 0).all() and tall[0] > 25 and tall[0] / tall[2] > 2.5
    centre, _ = camera.project(np.array([-2.2, 0, 3.6]) + 9 * np.array([0, 1., 0]))
    assert 0 < centre[1] < 60                                # the horizon lies in the upper half


def test_every_action_occurs_and_cars_drive():
    clip = street(frames=100, size=(30, 40), noise=0)
    found = {ACTIONS[a] for a in np.unique(clip.actions)}
    assert found == set(ACTIONS)
    assert (clip.actions[:, clip.kinds == 1] == ACTIONS.index("drive")).all()
    assert (clip.actions[:, clip.kinds == 0] != ACTIONS.index("drive")).all()


def test_bones_keep_their_length_and_feet_the_ground(bodies):
    bones = [("neck", "head"), ("neck", "pelvis")] + [
        (f"{side} {a}", f"{side} {b}") for side in ("left", "right") for a, b in (
            ("shoulder", "elbow"), ("elbow", "hand"), ("hip", "knee"), ("knee", "ankle"))]
    for body, _ in bodies.values():
        for a, b in bones:
            length = np.linalg.norm(joint(body, a) - joint(body, b), axis=-1)
            np.testing.assert_allclose(length, length[0], rtol=1e-9)
        assert body[..., 2].min() > -.15 and body[..., 2].max() < 2.2
        lowest = body[:, [i for i, name in enumerate(JOINTS) if "toe" in name or "ankle" in name]]
        assert lowest[..., 2].min(1).max() < .35


def knee(body, side):
    """The angle between thigh and shin, degrees: 180 is straight."""
    thigh, shin = (joint(body, f"{side} {a}") - joint(body, f"{side} knee")
                   for a in ("hip", "ankle"))
    cos = (thigh * shin).sum(-1) / np.linalg.norm(thigh, axis=-1) / np.linalg.norm(shin, axis=-1)
    return np.rad2deg(np.arccos(np.clip(cos, -1, 1)))


def during(bodies, role, action):
    """The joints of a role during an action, without its smooth beginning and end."""
    body, motion = bodies[role]
    frames = np.flatnonzero(motion.actions == ACTIONS.index(action))
    return body[frames[len(frames) // 4:-max(len(frames) // 4, 1)]]


def test_legs_swing_in_turn(bodies):
    for role, bent in ("walk", 140), ("run", 95):
        body = during(bodies, role, role)
        left, right = knee(body, "left"), knee(body, "right")
        assert left.min() < bent and right.min() < bent and left.max() > 150
        assert np.corrcoef(left, right)[0, 1] < 0
        arm = joint(body, "left hand") - joint(body, "left shoulder")
        leg = joint(body, "left ankle") - joint(body, "left hip")
        assert np.corrcoef(arm[:, 1], leg[:, 1])[0, 1] < -.5             # arms against legs
    assert during(bodies, "run", "run").std(0).max() > during(bodies, "walk", "walk").std(0).max()


def test_a_wave_lifts_a_hand_above_the_head_and_swings_it(bodies):
    body = during(bodies, "wave", "wave")
    assert (joint(body, "right hand")[:, 2] > joint(body, "head")[:, 2]).all()
    assert (joint(body, "left hand")[:, 2] < joint(body, "pelvis")[:, 2] + .2).all()
    swing = np.linalg.norm(joint(body, "right hand") - joint(body, "right elbow").mean(0), axis=-1)
    assert joint(body, "right hand").std(0).max() > .05 and swing.max() < .4
    assert joint(body, "pelvis").std(0).max() < .01


def test_falling_people_lie_and_sitting_people_sit(bodies):
    lying = during(bodies, "fall", "fall")
    assert (joint(lying, "head")[:, 2] < .4).all()
    before = bodies["fall"][0][:10]
    assert (joint(before, "head")[:, 2] > 1.4).all()
    sitting = during(bodies, "sit", "sit")
    thigh = joint(sitting, "left hip") - joint(sitting, "left knee")
    assert (np.abs(thigh[:, 2]) < .15).all()
    np.testing.assert_allclose(joint(sitting, "pelvis")[:, 2], .5, atol=.1)
    np.testing.assert_allclose(knee(sitting, "left"), 100, atol=15)
    assert (joint(sitting, "head")[:, 2] - joint(sitting, "pelvis")[:, 2] > .6).all()


@pytest.mark.parametrize("seed", range(8))
def test_nobody_steps_in_front_of_a_car(seed):
    rng = np.random.default_rng(seed)
    busy = np.zeros(500, bool)
    for start in rng.integers(0, 250, 3):
        busy[start:start + 30] = True
    across = plan(rng, "cross", 500, busy).path[:, 0]
    lane = (across > -1.9) & (across < 0)
    assert not (lane & busy).any()
    assert lane.any() and across[0] > 3 and across[-1] < -4             # and reaches the other side


def test_without_a_gap_in_the_traffic_people_wait_at_the_kerb():
    motion = plan(np.random.default_rng(0), "cross", 100, np.ones(100, bool))
    assert (motion.path[:, 0] > 0).all()               # whatever comes after the clip
    assert (motion.actions[:50] == ACTIONS.index("stand")).all()


def test_noise_has_its_standard_deviation(clip):
    loud = street(noise=6, **SHORT)
    same_truth(clip, loud)
    np.testing.assert_array_equal(clip.background, loud.background)
    grey = (clip.frames > 40) & (clip.frames < 215)          # what is not clipped at 0 or 255
    noise = (loud.frames.astype(int) - clip.frames)[grey]
    np.testing.assert_allclose([noise.mean(), noise.std()], [0, 6], atol=.05)


def test_shake_moves_the_picture_and_the_truth_together(clip):
    shaken = street(noise=0, shake=1.5, **SHORT)
    same_truth(clip, shaken, ("actions", "kinds"))
    np.testing.assert_allclose(shaken.joints - shaken.shift[:, None, None], clip.joints)
    assert not clip.shift.any()
    still = [t for t in range(60) if (shaken.shift[t] % 1 == 0).all()]
    moved = [t for t in still if shaken.shift[t].any()]
    assert moved
    for t in still:                                          # whole pixels: nothing is resampled
        x, y = shaken.shift[t].astype(int)
        a = np.roll(clip.masks[t], (y, x), (0, 1))[8:-8, 8:-8]
        np.testing.assert_array_equal(a, shaken.masks[t][8:-8, 8:-8])
        frame = np.roll(clip.frames[t], (y, x), (0, 1))[8:-8, 8:-8].astype(int)
        away = np.abs(frame - shaken.frames[t][8:-8, 8:-8])
        assert away.mean() < .01 and away.max() < 9          # shadows end at the canvas


def test_shake_has_its_standard_deviation_and_is_smooth():
    shift = street(frames=3000, size=(8, 12), people=0, cars=0, shake=2, noise=0).shift
    np.testing.assert_allclose(shift.std(0), 2, rtol=.1)
    assert np.corrcoef(shift[1:, 0], shift[:-1, 0])[0, 1] > .5
    np.testing.assert_allclose(shift.mean(0), 0, atol=.2)


def test_light_fades_slowly_or_suddenly(clip):
    slow, sudden, dusk = (street(noise=0, light=light, sudden=now, **SHORT)
                          for light, now in (((1, 0), False), ((1, 0), True), (0, False)))
    for other in slow, sudden, dusk:
        same_truth(clip, other)
    level = [s.frames[:, 60:].mean((1, 2, 3)) for s in (slow, sudden, dusk, clip)]
    assert level[0][0] > 2 * level[0][-1] and np.abs(np.diff(level[0])).max() < 4
    assert np.abs(np.diff(level[1])).argmax() == 29 and np.abs(np.diff(level[1])).max() > 30
    np.testing.assert_array_equal(sudden.frames[:30], clip.frames[:30])
    np.testing.assert_array_equal(sudden.frames[30:], dusk.frames[30:])
    assert slow.light[0] == 1 and slow.light[-1] == 0 and set(sudden.light) == {0, 1}


def test_windows_and_the_lamp_shine_at_dusk():
    day, dusk = (street(frames=1, people=0, cars=0, light=light).background.astype(int)
                 for light in (1, 0))
    brighter = (dusk[..., 0] > day[..., 0]).mean()
    assert .003 < brighter < .2 and dusk.mean() < .6 * day.mean()


def test_impossible_options_are_refused():
    with pytest.raises(ValueError, match="occlusion 'bus' must be one of"):
        street(occlusion="bus")
    with pytest.raises(ValueError, match=r"light \(1, 2\) must be a number in 0..1 or a pair"):
        street(light=(1, 2))
    with pytest.raises(ValueError, match="250 people and 5 cars are more than the 254"):
        street(people=250, cars=5)
