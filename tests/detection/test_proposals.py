"""Choosing proposals and their targets, by hand where the twin is a whole network."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.detection.proposals import ProposalOptions, choose_proposals, proposal_targets

FINE, COARSE = np.array([[0.0, 0, 8, 8], [20, 0, 28, 8]]), np.array([[0.0, 0, 9, 9]])


def chosen(scores, offsets=None, anchors=(FINE, COARSE), **options):
    offsets = np.zeros((3, 4)) if offsets is None else np.array(offsets, float)
    return choose_proposals(scores, offsets, anchors, (16, 32), ProposalOptions(**options)).tolist()


def test_the_best_score_comes_first_and_nms_stays_within_a_map():
    assert chosen([0.0, 2, 1]) == [[20, 0, 28, 8], [0, 0, 9, 9], [0, 0, 8, 8]]
    assert chosen([0.0, 2, 1], anchors=[np.concatenate([FINE, COARSE])]) == [
        [20, 0, 28, 8], [0, 0, 9, 9]]


def test_the_numbers_hold_for_each_map_before_nms_and_for_all_after():
    assert chosen([0.0, 2, 1], pre_nms_top_n=(9, 1)) == [[20, 0, 28, 8], [0, 0, 9, 9]]
    assert chosen([0.0, 2, 1], post_nms_top_n=(9, 1)) == [[20, 0, 28, 8]]


def test_boxes_are_clipped_and_dropped_where_nothing_of_them_is_left():
    assert chosen([0.0, 2, 1], [[0, 0, 0, 0], [1, 0, 0, 0], [-9, 0, 0, 0]]) == [
        [28, 0, 32, 8], [0, 0, 8, 8]]


def test_a_score_at_its_threshold_stays():
    assert chosen([0.0, -1, -2], score_thresh=0.5) == [[0, 0, 8, 8]]


def test_the_nearest_anchor_is_trained_however_far_it_is():
    anchors = np.array([[0.0, 0, 8, 8], [8, 0, 16, 8], [16, 0, 24, 8]])
    target = {"boxes": [[9.0, 0, 11, 8]], "labels": [1]}              # IoU 0.25 with the second
    objects, background, offsets = proposal_targets(anchors, target, rng=np.random.default_rng(0))
    assert objects.tolist() == [1] and background.tolist() == [0, 2]
    np.testing.assert_allclose(offsets, [[-0.25, 0, np.log(0.25), 0]])


def test_without_objects_all_anchors_are_background():
    target = {"boxes": np.zeros((0, 4)), "labels": []}
    objects, background, offsets = proposal_targets(FINE, target, rng=np.random.default_rng(0))
    assert (objects.tolist(), background.tolist(), offsets.shape) == ([], [0, 1], (0, 4))


def test_a_target_without_area_is_refused():
    with pytest.raises(ArgumentError, match="box 1 is .* has no area"):
        proposal_targets(FINE, {"boxes": [[0, 0, 1, 1], [5, 5, 5, 9]], "labels": [1, 1]},
                         rng=np.random.default_rng(0))
