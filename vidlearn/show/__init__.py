"""What a lesson shows: pictures, clips that play, plots, and widgets that answer a key press.

    image, images, contact_sheet, player     frames and clips
    matrices, source                         small arrays with their numbers, code
    curves, confusion, bars, race, timeline  numbers, by Matplotlib
    save_timeline, caption_video             what a long video shows, written to files
    filters, kernels                         what a convolution has learned
    live                                     a function that draws, behind sliders
    pixel, scrubbing, watching, augmenting, neuron, descending, thresholding, sliding, painting,
    switches, counting, strip, looking, unrolling, gates, hidden, receptive, tilting, answering
                                             such functions, one or two a lesson
    overlay                                  a map laid over a clip
    axes, figure, use                        a plot of one's own in the same look
    draw                                     pieces to draw with: cells, heat, box, arrow, text
"""

from vidlearn.show import draw
from vidlearn.show.live import live
from vidlearn.show.overlay import overlay
from vidlearn.show.pictures import contact_sheet, image, images, matrices
from vidlearn.show.player import player
from vidlearn.show.plots import bars, confusion, curves, race
from vidlearn.show.source import source
from vidlearn.show.style import axes, figure, use
from vidlearn.show.timelines import caption_video, save_timeline, timeline
from vidlearn.show.weights import filters, kernels
from vidlearn.show.widgets.clips import augmenting
from vidlearn.show.widgets.cnn import counting
from vidlearn.show.widgets.conv3d import tilting
from vidlearn.show.widgets.convolution import painting, sliding
from vidlearn.show.widgets.crnn import hidden
from vidlearn.show.widgets.descent import descending
from vidlearn.show.widgets.frame_classifier import strip
from vidlearn.show.widgets.frames import scrubbing
from vidlearn.show.widgets.grad_cam import looking
from vidlearn.show.widgets.gradients import neuron
from vidlearn.show.widgets.lstm import gates
from vidlearn.show.widgets.measuring import thresholding
from vidlearn.show.widgets.motion import watching
from vidlearn.show.widgets.pooling import switches
from vidlearn.show.widgets.rnn import unrolling
from vidlearn.show.widgets.start import pixel
from vidlearn.show.widgets.tcn import receptive
from vidlearn.show.widgets.video_classifier import answering

__all__ = ["answering", "augmenting", "axes", "bars", "caption_video", "confusion", "contact_sheet",
           "counting", "curves", "descending", "draw", "figure", "filters", "gates", "hidden",
           "image", "images", "kernels", "live", "looking", "matrices", "neuron", "overlay",
           "painting", "pixel", "player", "race", "receptive", "save_timeline", "scrubbing",
           "sliding", "source", "strip", "switches", "thresholding", "tilting", "timeline",
           "unrolling", "use", "watching"]
