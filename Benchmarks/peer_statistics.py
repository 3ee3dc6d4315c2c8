"""scikit-learn's side of the statistics contest: python peer_statistics.py WORK SCORES.csv. It has no DeLong; its ROC curve and AUC
stand against our ROC, AUC and DeLong variance. Its bootstrap is the usual loop over roc_auc_score, within each class."""
import json, resource, sys, time

import numpy
from sklearn.metrics import roc_auc_score, roc_curve

work, path = sys.argv[1:3]
with open(path) as file:
    assert file.readline().strip() == "label,score"
    table = numpy.loadtxt(file, delimiter=",")
labels, scores = table[:, 0].astype(int), table[:, 1]


def delong():
    roc_curve(labels, scores)
    return [None, roc_auc_score(labels, scores), None]


def bootstrap():
    random = numpy.random.default_rng(1)
    positives, negatives = numpy.flatnonzero(labels == 1), numpy.flatnonzero(labels == 0)
    areas = []
    for _ in range(10000):
        rows = numpy.concatenate([random.choice(positives, len(positives)), random.choice(negatives, len(negatives))])
        areas.append(roc_auc_score(labels[rows], scores[rows]))
    return [numpy.quantile(areas, 0.025), roc_auc_score(labels, scores), numpy.quantile(areas, 0.975)]


run = delong if work == "delong" else bootstrap
print("ready " + json.dumps(dict(zip(["lower", "auc", "upper"], run()))), flush=True)
for line in sys.stdin:
    if line.strip() == "quit": break
    start = time.perf_counter()
    run()
    print(1000 * (time.perf_counter() - start), flush=True)
print(json.dumps({"peakMebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)
