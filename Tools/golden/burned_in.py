"""Makes the pictures of Tests/BurnedInTests/Fixtures: made speckle with names, dates and ids drawn over it, and one without.

    burned_in.py Tests/BurnedInTests/Fixtures     (needs Pillow and numpy, fonts DejaVu and Noto CJK)
"""

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
CHINESE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def tissue(seed, width=400, height=300):
    """Speckle that is smoother across the beam than along it, on a black screen with 40 rows above."""
    rng = np.random.default_rng(seed)
    noise = Image.fromarray(rng.rayleigh(60, (height - 40, width)).clip(0, 255).astype(np.uint8))
    noise = noise.resize((width // 3, height - 40)).resize((width, height - 40), Image.BICUBIC)
    noise = noise.filter(ImageFilter.GaussianBlur(1.2))
    screen = Image.new("RGB", (width, height))
    screen.paste(noise.convert("RGB"), (0, 40))
    return screen


def main(folder):
    plain = tissue(1)
    plain.save(f"{folder}/plain.png", optimize=True)
    latin = lambda size: ImageFont.truetype(LATIN, size)
    chinese = lambda size: ImageFont.truetype(CHINESE, size, index=2)
    named = tissue(2)
    draw = ImageDraw.Draw(named)
    draw.text((8, 4), "MUELLER, ANNA", font=latin(12), fill=(255, 255, 255))
    draw.text((230, 4), "1975-03-12 14:05:09", font=latin(11), fill=(255, 255, 0))
    draw.text((8, 20), "王小明", font=chinese(14), fill=(255, 255, 255))
    draw.text((120, 150), "ID 48213377", font=latin(13), fill=(255, 255, 255))
    draw.text((200, 230), "2024年3月5日", font=chinese(16), fill=(255, 255, 0))
    draw.text((372, 100), "12", font=latin(11), fill=(255, 255, 255))
    draw.text((300, 22), "TIs 0.4  MI 1.2", font=latin(11), fill=(255, 255, 255))
    named.save(f"{folder}/named.png", optimize=True)


main(sys.argv[1])
