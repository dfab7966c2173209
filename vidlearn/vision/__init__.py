"""Seeing by arithmetic: what moves, what it leaves as a mask, and which way it goes.

    background    what stands still, learned pixel by pixel; what differs from it is foreground
    morphology    a mask without its specks and holes; the pieces that it consists of
    flow          how far each place has moved from one frame to the next

NumPy only. Frames are (H, W) or (H, W, 3) in grey levels 0..255; masks are (H, W) of bool.
"""
