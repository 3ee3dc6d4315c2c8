"""The peer of `insonate predict`: a Python script that scores one image with the mean of a run's networks.

Does what a script of this kind does: imports torch and Pillow, loads each fold's state dictionary, cuts the region with
its margin, resizes, normalises, runs the image and its mirror image, writes one CSV line.
"""
import argparse, csv
import numpy as np, torch
from PIL import Image
from efficientnet_lite_pytorch import EfficientNet

parser = argparse.ArgumentParser()
parser.add_argument("image")
parser.add_argument("weights", nargs="+", help="a .pth state dictionary per fold")
parser.add_argument("--box", type=float, nargs=4, required=True, help="x y width height in pixels")
parser.add_argument("--margin", type=float, default=0.2)
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--out", required=True)
options = parser.parse_args()
torch.set_num_threads(options.threads)

image = Image.open(options.image).convert("RGB")
x, y, width, height = options.box
across, down = options.margin * width, options.margin * height
box = (max(0, x - across), max(0, y - down), min(image.width, x + width + across), min(image.height, y + height + down))
pixels = np.array(image.crop(box).resize((options.size, options.size), Image.BILINEAR))
mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
images = ((torch.from_numpy(pixels).float() / 255 - mean) / deviation).permute(2, 0, 1)[None]
images = torch.cat([images, images.flip(-1)])

network = EfficientNet.from_name("efficientnet-lite0")
network._fc = torch.nn.Linear(network._fc.in_features, 1)
network.eval()
scores = []
for file in options.weights:
    network.load_state_dict(torch.load(file, mmap=True, weights_only=True))
    with torch.inference_mode(): scores.append(network(images).mean().sigmoid().item())
with open(options.out, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["image", "score"])
    writer.writerow([options.image, sum(scores) / len(scores)])
