"""Which pixels decided, and can the map be trusted?

    maps    saliency, Grad-CAM, occlusion: for a picture or a clip, on either engine
    sanity  tests for a map: the pointing game, and weights replaced by random ones
"""

from vidlearn.explain.maps import grad_cam, occlusion, saliency
from vidlearn.explain.sanity import cascade, pointing, rank_correlation

__all__ = ["cascade", "grad_cam", "occlusion", "pointing", "rank_correlation", "saliency"]
