"""Motion found by arithmetic, with nothing learned from labels.

    background    learn the still scene pixel by pixel; what differs from it is foreground
    morphology    remove the specks and holes of a mask; find its connected components
    flow          how far each pixel has moved from one frame to the next

NumPy only. Frames are (H, W) or (H, W, 3) in grey levels 0..255; masks are (H, W) of bool.
"""
