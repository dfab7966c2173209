"""What a trained network says: the class of a clip or a long video, the objects in each frame."""
