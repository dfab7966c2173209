"""What happened in a film, as a file: JSON with everything, or CSV with a row for each event."""

import csv
import io
import json
from pathlib import Path

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.files import atomic

REPORT = kinds.having("a Report, as Watch makes it", "crossings", "visits", "people")
HEAD = ("event", "id", "second", "direction", "seconds")
SUFFIXES = (".json", ".csv")


@checked
def save_report(report: REPORT, path):
    """Write a report, whole or not at all.

    Units    seconds from the beginning of the film; CSV has the columns event ("crossing" or
             "visit"), id, second, direction (of a crossing), seconds (of a visit)
    Raises   ArgumentError for a suffix other than .json or .csv; OSError that names the file
    """
    check_suffix(path)
    text = _json(report) if Path(path).suffix.lower() == ".json" else _csv(report)
    atomic.write(path, text.encode())


@checked
def check_suffix(path):
    """Check, before long work, that a report can have this name.

    Raises   ArgumentError
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        raise ArgumentError(f"{path}: a report is .json or .csv")


def directions(report):
    """How many crossed the line each way: {"left": n, "right": n}."""
    ways = [way for _, _, way in report.crossings]
    return {way: ways.count(way) for way in ("left", "right")}


def _json(report):
    return json.dumps({
        "frames": report.frames, "seconds": round(report.seconds, 3),
        "detections": report.detections, "people": report.people, "most_at_once": report.most,
        "crossed": directions(report),
        "crossings": [{"id": name, "second": second, "direction": way}
                      for name, second, way in report.crossings],
        "visits": [{"id": name, "second": second, "seconds": round(seconds, 3)}
                   for name, second, seconds in report.visits]}, indent=1) + "\n"


def _csv(report):
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEAD)
    rows.writerows(("crossing", name, second, way, "") for name, second, way in report.crossings)
    rows.writerows(("visit", name, second, "", round(seconds, 3))
                   for name, second, seconds in report.visits)
    return text.getvalue()
