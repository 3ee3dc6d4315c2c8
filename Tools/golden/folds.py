"""Golden folds of Tests/CohortTests/SplitterTests.swift: the rule of Splitter, written a second time.

python3 Tools/golden/folds.py    (Python 3.11; prints the test parts of 3 folds of 6 patients, seed 2026)
"""

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        word = self.state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
        return word ^ (word >> 31)

    def below(self, bound):
        while True:
            product = self.next() * bound
            if product & MASK >= (1 << 64) % bound:
                return product >> 64

    def shuffle(self, items):
        for place in range(len(items) - 1, 0, -1):
            other = self.below(place + 1)
            items[place], items[other] = items[other], items[place]


def folds(classes, count, seed):
    """classes: benign first; one lesion and one image a patient."""
    random, parts = SplitMix64(seed), [[] for _ in range(count)]
    for patients in classes:
        patients, lesions = sorted(patients), [0] * count
        random.shuffle(patients)
        for patient in patients:
            part = min(range(count), key=lambda p: (lesions[p], len(parts[p]), p))
            parts[part].append(patient)
            lesions[part] += 1
    return [sorted(part) for part in parts]


if __name__ == "__main__":
    print(folds([["i0", "i1", "i2"], ["i3", "i4", "i5"]], 3, 2026))
