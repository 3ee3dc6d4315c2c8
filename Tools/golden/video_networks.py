"""Golden outputs of the networks over clips, from torchvision's on weights that a formula gives.

Writes Tests/NetworksTests/Fixtures/video-networks.json: input shape, parameter count, every 20th logit and the norm of
two gradients. Needs torch 2.13 and torchvision 0.28 (--torchvision FOLDER where it is not installed beside torch; its
compiled operators are not needed).
"""
import argparse, json, os, sys
import numpy as np, torch
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../../Benchmarks"))
from networks import unit, weight
from peer_step import torchvision_models

SHAPES = {"r3d-18": (2, 3, 8, 64, 64), "mc3-18": (2, 3, 8, 64, 64), "r2plus1d-18": (2, 3, 8, 64, 64),
          "s3d": (1, 3, 13, 209, 209)}  # the smallest clip it takes

def golden(network, shape):
    state = {key: torch.zeros_like(value) if key.endswith("num_batches_tracked") else weight(key, tuple(value.shape))
             for key, value in network.state_dict().items()}
    network.load_state_dict(state)
    x = torch.tensor((unit("input", int(np.prod(shape))) * 4 - 2).astype(np.float32)).reshape(shape).requires_grad_()
    logits = network(x)
    torch.nn.functional.cross_entropy(logits, torch.tensor([3, 300][:shape[0]])).backward()
    first = next(network.parameters())
    return {"shape": shape, "parameters": sum(p.numel() for p in network.parameters()),
            "names": len([k for k in state if not k.endswith("num_batches_tracked")]),
            "logits": logits[:, ::20].flatten().tolist(), "largest": logits.abs().max().item(),
            "input_gradient_norm": x.grad.norm().item(), "first_gradient_norm": first.grad.norm().item()}

def main():
    parser = argparse.ArgumentParser(); parser.add_argument("--torchvision"); options = parser.parse_args()
    if options.torchvision: sys.path.append(options.torchvision)
    video = torchvision_models().video
    found = {}
    for name, shape in SHAPES.items():
        found[name] = golden(getattr(video, name.replace("-", "_"))().eval(), shape)
        print(name, found[name]["parameters"], found[name]["largest"])
    with open(os.path.join(HERE, "../../Tests/NetworksTests/Fixtures/video-networks.json"), "w") as file:
        json.dump({"made with": f"torch {torch.__version__}", "networks": found}, file, indent=1)

if __name__ == "__main__": main()
