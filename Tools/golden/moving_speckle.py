"""Tests/ImagingTests/Fixtures/regions/moving-speckle.mp4: 14 frames of speckle with a dark disc that move 1.5 pixels to the right and 1
down a frame; the speckle changes a little with each, and a bright bar stays. Needs numpy and ffmpeg.

    python Tools/golden/moving_speckle.py
"""
import subprocess
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[2] / "Tests/ImagingTests/Fixtures/regions/moving-speckle.mp4"
WIDTH, HEIGHT, FRAMES = 128, 96, 14
random = np.random.default_rng(3)
kx, ky = random.uniform(-0.7, 0.7, (2, 80))
phase, drift = random.uniform(0, 2 * np.pi, 80), random.normal(0, 0.05, (FRAMES, 80)).cumsum(0)
y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
frames = []
for index in range(FRAMES):
    u, v = x - 1.5 * index, y - 1.0 * index
    waves = np.cos(u[..., None] * kx + v[..., None] * ky + phase + drift[index]).sum(-1)
    value = 110 + 10 * waves
    value[(u - 45) ** 2 / 18 ** 2 + (v - 38) ** 2 / 13 ** 2 < 1] *= 0.35
    value[60:66, 20:70] = 255
    frames.append(np.clip(value, 0, 255).astype(np.uint8))
FILE.parent.mkdir(exist_ok=True)
subprocess.run(
    ["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", "10", "-i", "-",
     "-c:v", "libx264", "-threads", "1", "-crf", "22", "-pix_fmt", "yuv420p", "-bitexact", str(FILE)],
    input=np.stack(frames).tobytes(), check=True)
