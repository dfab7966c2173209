"""The Tensor and its graph: lift, backward, no_grad, gradcheck, errors and threads."""
