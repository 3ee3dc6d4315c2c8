"""Small files and numbers against which the Torch target is tested: weight files as PyTorch saves them, optimiser steps, schedules.

Writes into Tests/TorchTests/Fixtures: archive.pth (zip), stream.pth (before PyTorch 1.6), nested.pth, optimisers.json.
"""
import collections, json, os
import torch

where = os.path.join(os.path.dirname(__file__), "../../Tests/TorchTests/Fixtures")
torch.manual_seed(0)
layer = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
layer(torch.randn(4, 2, 8, 8))
state = layer.state_dict()
shared = torch.arange(12, dtype=torch.float32).reshape(3, 4)
state["transposed"] = shared.t()
state["half"] = torch.tensor([1.5, -2.0], dtype=torch.float16)
state["view"] = shared[1]
torch.save(state, f"{where}/archive.pth")
torch.save(state, f"{where}/stream.pth", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "state_dict": state, "note": "kept"}, f"{where}/nested.pth")

def steps(make):
    p = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0])); optimiser = make([p]); trace = []
    for step in range(5):
        optimiser.zero_grad(); (p ** 2 * torch.tensor([1.0, 0.5, 2.0])).sum().backward(); optimiser.step(); trace.append(p.tolist())
    return trace

def cycle(total):
    p = torch.nn.Parameter(torch.zeros(1)); optimiser = torch.optim.AdamW([p], 1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=total); trace = []
    for _ in range(total):
        group = optimiser.param_groups[0]; trace.append([group["lr"], group["betas"][0]]); optimiser.step(); schedule.step()
    return trace

golden = {
    "made with": f"torch {torch.__version__}",
    "adamw": steps(lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.05)),
    "sgd": steps(lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, weight_decay=0.01)),
    "sgd nesterov": steps(lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True)),
    "one cycle": cycle(20),
    "state": {k: v.double().flatten().tolist() for k, v in state.items()},
}
with open(f"{where}/golden.json", "w") as file: json.dump(golden, file)
