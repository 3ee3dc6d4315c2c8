"""Golden fits of Tests/MeasurementTests: bolus models laid on noisy curves by SciPy's curve_fit (trf, with bounds).

PYTHONPATH=... python3 Tools/golden/contrast.py > Tests/MeasurementTests/ContrastGolden.swift    (NumPy, SciPy)
"""

import numpy as np
from scipy.optimize import curve_fit
from scipy.special import gammaln


def lognormal(t, c, a, t0, m, s):
    u = np.maximum(t - t0, 1e-300)
    h = np.exp(-((np.log(u) - m) ** 2) / (2 * s * s)) / (np.sqrt(2 * np.pi) * s * u)
    return c + a * np.where(t > t0, h, 0)


def gamma_variate(t, c, a, t0, al, b):
    u = np.maximum(t - t0, 1e-300)
    h = np.exp(al * np.log(u) - u / b - (al + 1) * np.log(b) - gammaln(al + 1))
    return c + a * np.where(t > t0, h, 0)


def ldrw(t, c, a, t0, m, l):
    u = np.maximum(t - t0, 1e-300)
    h = np.exp(l - 0.5 * l * (u / m + m / u)) / m * np.sqrt(m * l / (2 * np.pi * u))
    return c + a * np.where(t > t0, h, 0)


CASES = [
    ("lognormal", lognormal, (0.002, 1.2, 8.0, 2.6, 0.5), ([-1, 0, -2, -5, 0.02], [1, 1e5, 12, 9, 3])),
    ("gammaVariate", gamma_variate, (0.001, 0.8, 9.0, 2.2, 5.0), ([-1, 0, -2, 0.05, 0.005], [1, 1e5, 12, 200, 2000])),
    ("localDensityRandomWalk", ldrw, (0.003, 1.0, 7.0, 18.0, 2.5), ([-1, 0, -2, 0.01, 0.02], [1, 1e5, 12, 5000, 500])),
]


def listed(values):
    return "[" + ", ".join(repr(float(v)) for v in values) + "]"


def main():
    rng = np.random.default_rng(20261122)
    print("// swift-format-ignore-file")
    print("// Made by Tools/golden/contrast.py.")
    print()
    print("struct ContrastGolden {")
    print("  let model: String, powers: [Double], values: [Double], squares: Double")
    print()
    print("  /// At 0, 0.25, 0.5, ... s; t0 bounded to -2...12 s.")
    print("  static let all: [ContrastGolden] = [")
    t = np.arange(360) * 0.25
    for name, model, truth, bounds in CASES:
        clean = model(t, *truth)
        powers = np.maximum(0, clean * (1 + 0.06 * rng.standard_normal(t.size)) + 2e-4 * rng.standard_normal(t.size))
        powers = np.array([float(f"{p:.6g}") for p in powers])
        best = None
        for shift in (-1.0, -4.0, 1.0):
            start = list(truth)
            start[2] += shift
            found, _ = curve_fit(
                model, t, powers, p0=start, bounds=bounds, x_scale=np.abs(start), ftol=1e-14, xtol=1e-14, gtol=1e-14,
                max_nfev=20000,
            )
            squares = float(np.sum((powers - model(t, *found)) ** 2))
            if best is None or squares < best[1]:
                best = (found, squares)
        print(f'    ContrastGolden(model: "{name}",')
        print(f"      powers: {listed(powers)},")
        print(f"      values: {listed(best[0])}, squares: {best[1]!r}),")
    print("  ]")
    print("}")


main()
