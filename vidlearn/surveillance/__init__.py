"""What a camera that watches a street is asked, once everybody in its picture has a track.

    feet         where somebody stands: the middle of the lower edge of the box
    counting     who crosses a line, and which way
    dwell        who visits a zone, and for how long
    ground       how fast somebody walks, in metres a second
    heat         where people stand and walk most
    blobs        what moves before a camera that stands still
    watch        all of it in a film, frame by frame
    film         and as a film with boxes, numbers and trails
    report       and as JSON or CSV
    record       from a film to these files

Tracks are a dict {id: (frames (n,) of whole numbers, boxes (n, 4) xyxy)}. `LineCounter`,
`ZoneWatch` and `HeatMap` take one frame after another instead, with memory for those in view.
"""
