"""Which pixels decided, and is the picture true?

    maps    saliency, Grad-CAM, occlusion: over a picture or a clip, on either engine
    trial   what a map has to pass: the pointing game, and weights drawn anew
"""

from vidlearn.explain.maps import grad_cam, occlusion, saliency
from vidlearn.explain.sanity import cascade, pointing, rank_correlation

__all__ = ["cascade", "grad_cam", "occlusion", "pointing", "rank_correlation", "saliency"]
