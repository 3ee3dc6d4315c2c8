"""Golden values of the losses and of their gradients, computed by PyTorch in float64 from each paper's formula.

Writes Tests/NNTests/Fixtures/losses.json. Needs torch 2.13.
"""
import json, os
import torch
from torch.nn import functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)


def focal(logits, labels, gamma, weights):
    """Lin et al. 2017 over a softmax; one logit x stands for the two logits 0, x."""
    if logits.shape[1] == 1: logits = torch.cat([torch.zeros_like(logits), logits], 1)
    p = logits.softmax(1)[torch.arange(len(labels)), labels]
    return (-weights[labels] * (1 - p) ** gamma * p.log()).mean()


def balanced(counts, beta):
    """Cui et al. 2019, equation 5 and its normalisation."""
    raw = (1 - beta) / (1 - beta ** torch.tensor(counts, dtype=torch.float64))
    return raw / raw.sum() * len(counts)


def one_against_rest(logits, labels):
    target = F.one_hot(labels, logits.shape[1]).to(logits) if logits.shape[1] > 1 else labels[:, None].to(logits)
    return F.binary_cross_entropy_with_logits(logits, target)


def triplet(embedding, labels, margin):
    """Hermans et al. 2017, equation 5; margin None is the soft margin."""
    distances, terms = torch.cdist(embedding, embedding, compute_mode="donot_use_mm_for_euclid_dist"), []
    for i, label in enumerate(labels):
        same, other = labels == label, labels != label
        same[i] = False
        if same.any() and other.any(): terms.append(distances[i][same].max() - distances[i][other].min())
    excess = torch.stack(terms)
    return (F.softplus(excess) if margin is None else F.relu(excess + margin)).mean()


def case(inputs, labels, loss):
    inputs = inputs.clone().requires_grad_()
    value = loss(inputs, labels)
    value.backward()
    return {"inputs": inputs.tolist(), "labels": labels.tolist(), "value": value.item(), "gradient": inputs.grad.tolist()}


def main():
    golden = {}
    for width, counts in ((1, [462, 271]), (2, [462, 271]), (4, [2128, 1531, 2964, 12])):
        logits, classes = 3 * torch.randn(9, width), max(2, width)
        labels = torch.arange(9) % classes
        alpha = torch.tensor([0.75] + [0.25] * (classes - 1))
        weights = balanced(counts, 0.9999)
        golden[f"focal, {width}"] = case(logits, labels, lambda x, y: focal(x, y, 2, alpha))
        golden[f"focal of gamma 0.5, {width}"] = case(logits, labels, lambda x, y: focal(x, y, 0.5, alpha))
        golden[f"class-balanced focal, {width}"] = case(logits, labels, lambda x, y: focal(x, y, 2, weights))
        golden[f"class-balanced focal, {width}"] |= {"counts": counts, "weights": weights.tolist()}
        golden[f"one against rest, {width}"] = case(logits, labels, one_against_rest)
    embedding, labels = torch.randn(12, 6), torch.tensor([0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 2, 0])
    golden["triplet, margin 0.3"] = case(embedding, labels, lambda x, y: triplet(x, y, 0.3))
    golden["triplet, soft margin"] = case(embedding, labels, lambda x, y: triplet(x, y, None))
    where = os.path.join(os.path.dirname(__file__), "../../Tests/NNTests/Fixtures/losses.json")
    with open(where, "w") as file:
        json.dump({"made with": f"torch {torch.__version__}", "losses": golden}, file)


main()
