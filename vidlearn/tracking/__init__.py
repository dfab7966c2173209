"""From detections to tracks: who in this frame is who of the frame before?

    assignment   the cheapest way to pair the rows of a table with its columns
    kalman       a filter that predicts where a box goes, and corrects itself by what is seen
    tracker      SORT, and linking in two steps
    appearance   people who were lost are known again by their colours
    scores       how good tracks are: MOTA, IDF1, HOTA
    mot          tracks in files, as MOTChallenge writes them
"""
