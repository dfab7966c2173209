"""The Kalman filter: guess where something is going, look, and move the guess towards what is seen.

A state x is not known exactly: its covariance P says how unsure each number is. Two steps repeat:

    predict     x = F x                 P = F P Fᵀ + Q          F: a frame later; Q: the unforeseen
    update      x = x + K (z - H x)     P = (I - K H) P         H: what is seen of x; K: the gain
                K = P Hᵀ (H P Hᵀ + R)⁻¹                         R: how unsure z is
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

VECTOR = kinds.array("a list of numbers", 1)
SQUARE = kinds.array("a matrix", 2)
BOX = kinds.array("a box of left, top, right, bottom", 1)


@checked
class KalmanFilter:
    """A linear filter: `x` (n,) is the state, `P` (n, n) its covariance, z (m,) what is seen.

    Shapes   x (n,), P, F, Q (n, n), H (m, n), R (m, m)
    Raises   ArgumentError if the sizes do not fit
    Source   Kalman, J. Basic Engineering 82, 1960
    Twin     cv2.KalmanFilter
    """

    def __init__(self, x: VECTOR, P: SQUARE, F: SQUARE, H: SQUARE, Q: SQUARE, R: SQUARE):
        n, m = len(x), len(H)
        shapes = {"P": (P, (n, n)), "F": (F, (n, n)), "H": (H, (m, n)), "Q": (Q, (n, n)),
                  "R": (R, (m, m))}
        for name, (matrix, shape) in shapes.items():
            if matrix.shape != shape:
                raise ArgumentError(f"{name} must have the shape {shape} for a state of {n} and "
                                    f"{m} measured numbers, not {matrix.shape}")
        self.x, self.P = x.astype(float), P.astype(float)
        self.F, self.H, self.Q, self.R = F, H, Q, R

    def predict(self):
        """Go one frame ahead; returns the state."""
        self.x = self.F @ self.x
        self.P = self.F @ self.P @ self.F.T + self.Q
        return self.x

    def update(self, z: VECTOR):
        """Move the state towards what was seen; returns the state."""
        unsure = self.H @ self.P @ self.H.T + self.R
        gain = np.linalg.solve(unsure, self.H @ self.P).T
        self.x = self.x + gain @ (z - self.H @ self.x)
        kept = np.eye(len(self.x)) - gain @ self.H
        self.P = kept @ self.P @ kept.T + gain @ self.R @ gain.T      # stays symmetric by rounding
        return self.x


@checked
class BoxFilter(KalmanFilter):
    """The filter of a box in SORT: its centre, area and ratio, and the speeds of the first three.

    The ratio width / height is thought to stay as it is.

    Shapes   box (4,) xyxy in pixels  ->  x (7,): centre x, y, area, ratio, and three speeds
    Source   Bewley et al., arXiv:1602.00763
    """

    def __init__(self, box: BOX):
        ahead = np.eye(7)
        ahead[[0, 1, 2], [4, 5, 6]] = 1               # place + speed
        super().__init__(
            np.append(as_measured(box), [0, 0, 0]), np.diag([10.0, 10, 10, 10, 1e4, 1e4, 1e4]),
            ahead, np.eye(4, 7), np.diag([1, 1, 1, 1, 0.01, 0.01, 1e-4]),
            np.diag([1.0, 1, 10, 10]))

    @property
    def box(self):
        """The box (4,) that the state stands for; NaN if its area is below 0."""
        x, y, area, ratio = self.x[:4]
        with np.errstate(invalid="ignore"):
            width = np.sqrt(area * ratio)
        height = area / width if width else 0.0
        return np.array([x - width / 2, y - height / 2, x + width / 2, y + height / 2])

    def predict(self):
        """Go one frame ahead; returns the box. An area never shrinks below 0."""
        if self.x[6] + self.x[2] <= 0:
            self.x[6] = 0
        super().predict()
        return self.box

    def update(self, box: BOX):
        """Move the state towards a box that was seen; returns the box."""
        super().update(as_measured(box))
        return self.box


@checked
def as_measured(box: BOX):
    """A box as centre x, y, area and width / height: (4,) -> (4,)."""
    width, height = box[2:] - box[:2]
    return np.array([box[0] + width / 2, box[1] + height / 2, width * height, width / height])
