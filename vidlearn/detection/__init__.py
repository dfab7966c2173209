"""From boxes to objects: anchors, box coder, matcher, samplers, and how detections are judged.

All of it is NumPy: no gradient goes through a box. The networks stand in `vidlearn.models`.
"""
