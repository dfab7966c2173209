"""What a lesson shows: pictures, clips that play, plots, and widgets that answer a key press.

    image, images, contact_sheet, player     frames and clips
    matrices, source                         small arrays with their numbers, code
    curves, confusion, bars, timeline        numbers, by Matplotlib
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
from vidlearn.show.answering import answering
from vidlearn.show.augmenting import augmenting
from vidlearn.show.counting import counting
from vidlearn.show.descending import descending
from vidlearn.show.gates import gates
from vidlearn.show.hidden import hidden
from vidlearn.show.live import live
from vidlearn.show.looking import looking
from vidlearn.show.neuron import neuron
from vidlearn.show.overlay import overlay
from vidlearn.show.pictures import contact_sheet, image, images, matrices
from vidlearn.show.pixel import pixel
from vidlearn.show.player import player
from vidlearn.show.plots import bars, confusion, curves, timeline
from vidlearn.show.receptive import receptive
from vidlearn.show.scrubbing import scrubbing
from vidlearn.show.sliding import painting, sliding
from vidlearn.show.source import source
from vidlearn.show.strip import strip
from vidlearn.show.style import axes, figure, use
from vidlearn.show.switches import switches
from vidlearn.show.thresholding import thresholding
from vidlearn.show.tilting import tilting
from vidlearn.show.unrolling import unrolling
from vidlearn.show.watching import watching
from vidlearn.show.weights import filters, kernels

__all__ = ["answering", "augmenting", "axes", "bars", "confusion", "contact_sheet", "counting",
           "curves", "descending", "draw", "figure", "filters", "gates", "hidden", "image",
           "images", "kernels", "live", "looking", "matrices", "neuron", "overlay", "painting",
           "pixel", "player", "receptive", "scrubbing", "sliding", "source", "strip", "switches",
           "thresholding", "tilting", "timeline", "unrolling", "use", "watching"]
