"""Make the crops of the street again, for training and of streets that training never sees:

    python data/crops.py && python data/make.py
"""

from pathlib import Path

from vidlearn.datasets.street_crops import save_street_crops, street_crops

HERE = Path(__file__).parent
SEEDS = {"street_crops": range(100, 130), "street_crops_unseen": range(500, 512)}


def main():
    for name, seeds in SEEDS.items():
        save_street_crops(HERE / f"{name}.safetensors", *street_crops(seeds), seeds)


if __name__ == "__main__":
    main()
