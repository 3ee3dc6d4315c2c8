"""Draws names, ids, dates and hospitals over real ultrasound pictures, has them blanked, and looks for what is left.

    burned_in.py --insonate .build/release/insonate --pictures FOLDER --out FOLDER [--every 4] [--from 0] [--seed 5] [--check-only]

Needs Pillow, numpy and the `tesseract` program with the models eng and chi_sim; fonts DejaVu, Liberation, Noto CJK. A planted token counts as left
where `tesseract`, called by itself on the output at one, two and three times its size, finds it up to one wrong sign in five. Pixels outside
the mask are checked one by one: every pixel that differs from the input must be black.
"""

import argparse
import glob
import json
import os
import random
import statistics
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TRUETYPE = "/usr/share/fonts/truetype"
LATIN = [
    f"{TRUETYPE}/dejavu/DejaVuSans.ttf", f"{TRUETYPE}/dejavu/DejaVuSans-Bold.ttf", f"{TRUETYPE}/dejavu/DejaVuSansMono.ttf",
    f"{TRUETYPE}/liberation/LiberationSans-Regular.ttf", f"{TRUETYPE}/liberation/LiberationSansNarrow-Regular.ttf",
    f"{TRUETYPE}/dejavu/DejaVuSerif.ttf",
]
CHINESE = [
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2), ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2),
    (f"{TRUETYPE}/wqy/wqy-microhei.ttc", 0),
]
COLOURS = [
    (255, 255, 255), (255, 255, 255), (255, 255, 0), (0, 255, 0), (230, 230, 230), (255, 200, 0), (120, 255, 255),
]
STYLES = ["plain"] * 5 + ["plate", "outline", "see-through", "black on grey"]
SIZES = [8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28]
SURNAMES = "MUELLER SCHNEIDER KOWALSKI Johnson Fernandez OCONNOR Petrova Andersson Zhang LIUYANG Moreau Bianchi".split()
NAMES = "ANNA Maria Wei ELISABETH Robert Ivan Greta Xiaoming JOHN Lucia".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
HOSPITALS = ["市人民医院", "第一附属医院", "General Hospital", "St. Mary Clinic", "中心医院超声科"]


def date(rng):
    y, m, d = rng.randint(1935, 2024), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice([
        f"{y}-{m:02}-{d:02}", f"{d:02}/{m:02}/{y}", f"{d:02}-{MONTHS[m - 1]}-{y}", f"{y}年{m}月{d}日", f"{d:02}.{m:02}.{y}",
        f"{y}{m:02}{d:02}", f"{y}/{m:02}/{d:02}",
        f"{m:02}/{d:02}/{y} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}",
    ])


def token(rng):
    kind = rng.random()
    surname, name = rng.choice(SURNAMES), rng.choice(NAMES)
    if kind < 0.3:
        return rng.choice([f"{surname}, {name}", f"{surname}^{name}", f"{name} {surname}"])
    if kind < 0.5:
        given = "".join(rng.choice("小明丽华秀英伟芳娜静敏强磊军洋勇艳杰涛超") for _ in range(rng.randint(1, 3)))
        return rng.choice("王李张刘陈杨黄赵吴周徐孙马朱胡") + given
    if kind < 0.75:
        return date(rng)
    if kind < 0.9:
        return rng.choice(["ID: ", "ID ", "MRN ", "", "病历号"]) + str(rng.randint(10**6, 10**9))
    return rng.choice(HOSPITALS)


def is_chinese(text):
    return any(ord(sign) > 0x2E80 for sign in text)


def plant(image, rng, text, taken):
    """The picture with the text somewhere free, where it is, and its ink; None where it does not fit."""
    size = rng.choice(SIZES)
    if is_chinese(text):
        size = max(size, 11)
        path, index = rng.choice(CHINESE)
        font = ImageFont.truetype(path, size, index=index)
    else:
        font = ImageFont.truetype(rng.choice(LATIN), size)
    left, top, right, bottom = font.getbbox(text)
    w, h = right - left, bottom - top
    if w + 8 > image.width or h + 8 > image.height:
        return None
    for _ in range(30):
        x, y = rng.randint(2, image.width - w - 4), rng.randint(2, image.height - h - 4)
        if rng.random() < 0.3:
            y = rng.choice([2, image.height - h - 4])
        box = [x, y, x + w, y + h]
        if all(box[2] + 6 < o[0] or o[2] + 6 < box[0] or box[3] + 6 < o[1] or o[3] + 6 < box[1] for o in taken):
            break
    else:
        return None
    colour, style = rng.choice(COLOURS), rng.choice(STYLES)
    over = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(over)
    plate = [x - 3, y - 3, x + w + 3, y + h + 3]
    if style == "plate":
        draw.rectangle(plate, fill=(0, 0, 0, 150))
    if style == "black on grey":
        colour = (0, 0, 0)
        draw.rectangle(plate, fill=(200, 200, 200, 255))
    draw.text(
        (x - left, y - top), text, font=font, fill=colour + (190 if style == "see-through" else 255,),
        stroke_width=1 if style == "outline" else 0, stroke_fill=(0, 0, 0, 255))
    item = {"text": text, "box": box, "size": size, "colour": list(colour), "style": style}
    ink = Image.new("L", image.size)
    ImageDraw.Draw(ink).text((x - left, y - top), text, font=font, fill=255)
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB"), item, np.asarray(ink) > 127


def through_jpeg(image, quality):
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        image.save(file.name, quality=quality)
        return Image.open(file.name).convert("RGB")


def plant_all(files, folder, seed):
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(seed)
    truth = []
    for number, path in enumerate(files):
        image = Image.open(path).convert("RGB")
        if rng.random() < 0.3:  # a scanner's screen around it
            screen = Image.new("RGB", (image.width + rng.randint(60, 200), image.height + rng.randint(60, 160)))
            screen.paste(image, (rng.randint(0, 60), rng.randint(30, 60)))
            image = screen
        items, inks = [], np.zeros((image.height, image.width), np.uint8)
        for _ in range(3):
            planted = plant(image, rng, token(rng), [item["box"] for item in items])
            if planted:
                image, item, ink = planted
                items.append(item)
                inks[ink] = len(items)
        quality = rng.choice([None, None, 92, 80])
        if quality:
            image = through_jpeg(image, quality)
        image.save(f"{folder}/{number:04}.png")
        os.makedirs(f"{folder}/ink", exist_ok=True)
        Image.fromarray(inks).save(f"{folder}/ink/{number:04}.png")
        truth.append({"file": f"{number:04}.png", "source": path, "jpeg": quality, "items": items})
    with open(f"{folder}/truth.json", "w") as file:
        json.dump(truth, file, ensure_ascii=False, indent=1)
    return truth


def plain(text):
    return "".join(sign for sign in text.lower() if sign.isalnum())


def distance(token, text):
    """The fewest signs to change until `token` stands somewhere in `text`."""
    above = [0] * (len(text) + 1)
    for row, sign in enumerate(token):
        here = [row + 1]
        for column, other in enumerate(text):
            here.append(min(above[column] + (sign != other), above[column + 1] + 1, here[column] + 1))
        above = here
    return min(above)


def read(path):
    """All that Tesseract reads at three sizes, in two layouts."""
    image = Image.open(path)
    texts = []
    with tempfile.TemporaryDirectory() as folder:
        for scale in (1, 2, 3):
            scaled = image.resize((image.width * scale, image.height * scale), Image.BICUBIC)
            scaled.save(f"{folder}/p.png")
            for layout in ("3", "11"):
                done = subprocess.run(
                    ["tesseract", f"{folder}/p.png", "-", "-l", "eng+chi_sim", "--psm", layout], capture_output=True,
                    env={**os.environ, "OMP_THREAD_LIMIT": "1"})
                texts.append(plain(done.stdout.decode(errors="replace")))
    return texts


def is_read(text, texts):
    parts = [plain(text)] + [plain(part) for part in text.replace("^", " ").replace(",", " ").split()]
    parts = [p for p in parts if len(p) >= (2 if is_chinese(p) else 4)]
    return any(distance(part, t) <= (0 if len(part) < 5 else len(part) // 5) for part in parts for t in texts)


def check(truth, before, after):
    rows = []
    for entry in truth:
        if not os.path.exists(f"{after}/{entry['file']}"):
            continue
        old = np.asarray(Image.open(f"{before}/{entry['file']}").convert("RGB"))
        new = np.asarray(Image.open(f"{after}/{entry['file']}").convert("RGB"))
        changed = (old != new).any(2)
        own = np.zeros(changed.shape, bool)
        inks = np.asarray(Image.open(f"{before}/ink/{entry['file']}"))
        texts = read(f"{after}/{entry['file']}")
        for number, item in enumerate(entry["items"]):
            left, top, right, bottom = item["box"]
            own[max(0, top - 8) : bottom + 8, max(0, left - 8) : right + 8] = True
            # Of the text's ink, what is black now; of black ink, what of the box around it is.
            where = inks == number + 1
            if item["style"] == "black on grey":
                where = np.zeros(where.shape, bool)
                where[top:bottom, left:right] = True
            covered = (new[where].max(1) <= 12).mean()
            rows.append({
                **item, "file": entry["file"], "left": is_read(item["text"], texts), "covered": float(covered),
            })
        rows[-1]["picture"] = {
            "identical": bool((new[changed] == 0).all()), "blanked": float(changed.mean()),
            "beside": float((changed & ~own).mean()),
        }
    return rows


def report(rows):
    pictures = [row["picture"] for row in rows if "picture" in row]
    beside = [100 * p["beside"] for p in pictures]
    print(f"{len(rows)} texts in {len(pictures)} pictures")
    print(f"left to Tesseract: {sum(row['left'] for row in rows)}")
    print(f"covered to nine tenths or more: {sum(row['covered'] >= 0.9 for row in rows)}")
    print(f"pictures in which a pixel differs that is not black: {sum(not p['identical'] for p in pictures)}")
    print(f"blanked beside the planted text, of the picture: median {statistics.median(beside):.3f} %, "
          f"90th percentile {np.percentile(beside, 90):.2f} %, most {max(beside):.2f} %")
    for row in rows:
        if row["left"] or row["covered"] < 0.9:
            print("  ", row["file"], row["text"], row["size"], row["colour"], row["style"], "left" if row["left"] else "",
                  f"covered {row['covered']:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--insonate", default=".build/release/insonate")
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--check-only", action="store_true", help="the output folder holds blanked pictures already")
    options = parser.parse_args()
    files = sorted(p for p in glob.glob(f"{options.pictures}/**/*.png", recursive=True) if "/mask" not in p)
    before, after = f"{options.out}/before", f"{options.out}/after"
    if options.check_only:
        truth = json.load(open(f"{before}/truth.json"))
    else:
        truth = plant_all(files[options.first :: options.every], before, options.seed)
        inputs = [f"{before}/{entry['file']}" for entry in truth]
        subprocess.run([options.insonate, "clip", "deidentify", *inputs, "--out", after], check=True)
        for number, entry in enumerate(truth):
            os.replace(f"{after}/{number + 1:04}.png", f"{after}/was-{entry['file']}")
        for entry in truth:
            os.replace(f"{after}/was-{entry['file']}", f"{after}/{entry['file']}")
    rows = check(truth, before, after)
    with open(f"{options.out}/rows.json", "w") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    report(rows)


if __name__ == "__main__":
    main()
