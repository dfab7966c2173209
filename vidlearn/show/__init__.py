"""What a lesson shows: pictures, clips that play, plots, and widgets that answer a key press.

    image, images, contact_sheet, player     frames and clips
    matrices, source                         small matrices with their numbers, source code
    curves, confusion, bars, race, timeline  plots of numbers, by Matplotlib
    save_timeline, caption_video             what a long video shows, written to files
    filters, kernels                         the weights of a convolution
    blocks, unrolled, recurrent_cell         drawings of structure: a network, over time, a cell
    window, pooling, kernel_in_clip          which cells one result is made of
    causal_tree, averaged_axes, turned_pixel     which steps, which axes, which four pixels
    gradient_path, two_humps                 factors on the way back; a threshold on scores
    pairing                                  an assignment: every pair, and those chosen
    overlap, anchors, sampling_points        two boxes; the boxes of a cell; between the pixels
    hog_cells                                the directions of the edges in a window
    Sheet                                    a sheet for a drawing of your own
    window_cells, pooling_winners, turned_from, averaged_part, cell_graph, gradient_factors,
    hump_shares, shared_and_union, cell_anchors, read_points, chosen_pairs, cell_strokes
                                             the numbers behind those drawings
    overlay, mask_errors                     a heat map over a clip, a mask beside the truth
    boxed                                    a picture with boxes and words over it
    detections, film_detections              what a detector found, over a frame and in a film
    live                                     a function that draws, with sliders and menus
    pixel, scrubber, background_model, augmentations, neuron, optimizer_paths, threshold,
    sliding_kernel, kernel_editor, pooling_switches, parameter_counts, frame_probabilities,
    attribution_maps, unrolled_rnn, lstm_gates, hidden_states, receptive_field, tilted_kernel,
    robustness, anchor_matches, kept_boxes, detection_thresholds, tracked_street,
    window_search
                                             such functions, one or two for a lesson
    axes, figure, use                        a plot of your own in the same style
    draw                                     functions to draw with: cells, heat, box, arrow, text
"""

from vidlearn.show import draw
from vidlearn.show.boxes import boxed
from vidlearn.show.detections import detections, film_detections
from vidlearn.show.live import live
from vidlearn.show.overlay import mask_errors, overlay
from vidlearn.show.pictures import contact_sheet, image, images, matrices
from vidlearn.show.player import player
from vidlearn.show.plots import bars, confusion, curves, race
from vidlearn.show.source import source
from vidlearn.show.structure.anchors import anchors, cell_anchors
from vidlearn.show.structure.averaged_axes import averaged_axes, averaged_part
from vidlearn.show.structure.blocks import blocks
from vidlearn.show.structure.causal_tree import causal_tree
from vidlearn.show.structure.gates import cell_graph, recurrent_cell
from vidlearn.show.structure.gradient_path import gradient_factors, gradient_path
from vidlearn.show.structure.hog_cells import cell_strokes, hog_cells
from vidlearn.show.structure.humps import hump_shares, two_humps
from vidlearn.show.structure.kernel_in_clip import kernel_in_clip
from vidlearn.show.structure.overlap import overlap, shared_and_union
from vidlearn.show.structure.pairing import chosen_pairs, pairing
from vidlearn.show.structure.pooling import pooling, pooling_winners
from vidlearn.show.structure.sampling_points import read_points, sampling_points
from vidlearn.show.structure.sheet import Sheet
from vidlearn.show.structure.turned import turned_from, turned_pixel
from vidlearn.show.structure.unrolled import unrolled
from vidlearn.show.structure.window import window, window_cells
from vidlearn.show.style import axes, figure, use
from vidlearn.show.timelines import caption_video, save_timeline, timeline
from vidlearn.show.weights import filters, kernels
from vidlearn.show.widgets.boxes import anchor_matches, kept_boxes
from vidlearn.show.widgets.clips import augmentations
from vidlearn.show.widgets.cnn import parameter_counts
from vidlearn.show.widgets.conv3d import tilted_kernel
from vidlearn.show.widgets.convolution import kernel_editor, sliding_kernel
from vidlearn.show.widgets.crnn import hidden_states
from vidlearn.show.widgets.descent import optimizer_paths
from vidlearn.show.widgets.faster_rcnn import detection_thresholds
from vidlearn.show.widgets.frame_classifier import frame_probabilities
from vidlearn.show.widgets.frames import scrubber
from vidlearn.show.widgets.grad_cam import attribution_maps
from vidlearn.show.widgets.gradients import neuron
from vidlearn.show.widgets.lstm import lstm_gates
from vidlearn.show.widgets.measuring import threshold
from vidlearn.show.widgets.motion import background_model
from vidlearn.show.widgets.pedestrians import window_search
from vidlearn.show.widgets.pooling import pooling_switches
from vidlearn.show.widgets.rnn import unrolled_rnn
from vidlearn.show.widgets.start import pixel
from vidlearn.show.widgets.tcn import receptive_field
from vidlearn.show.widgets.tracking import tracked_street
from vidlearn.show.widgets.video_classifier import robustness

__all__ = ["Sheet", "anchor_matches", "anchors", "attribution_maps", "augmentations",
           "averaged_axes", "averaged_part", "axes", "background_model", "bars", "blocks", "boxed",
           "caption_video", "causal_tree", "cell_anchors", "cell_graph", "cell_strokes",
           "chosen_pairs", "confusion", "contact_sheet", "curves", "detection_thresholds",
           "detections", "draw", "figure", "film_detections", "filters", "frame_probabilities",
           "gradient_factors", "gradient_path", "hidden_states", "hog_cells", "hump_shares",
           "image", "images", "kept_boxes", "kernel_editor", "kernel_in_clip", "kernels", "live",
           "lstm_gates", "mask_errors", "matrices", "neuron", "optimizer_paths", "overlap",
           "overlay", "pairing", "parameter_counts", "pixel", "player", "pooling",
           "pooling_switches", "pooling_winners", "race", "read_points", "receptive_field",
           "recurrent_cell", "robustness", "sampling_points", "save_timeline", "scrubber",
           "shared_and_union", "sliding_kernel", "source", "threshold", "tilted_kernel", "timeline",
           "tracked_street", "turned_from", "turned_pixel", "two_humps", "unrolled", "unrolled_rnn",
           "use", "window", "window_cells", "window_search"]
