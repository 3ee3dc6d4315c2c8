"""Golden outputs of the networks, from the reference implementations on weights that a formula gives.

Writes Tests/NetworksTests/Fixtures/networks.json: parameter count (without auxiliary heads), every 50th logit and the norm of
two gradients; of GoogLeNet also the logits and heads in training without dropout. Needs torch 2.13, torchvision 0.28 (--torchvision
FOLDER where it is not installed beside torch; its compiled operators are not needed), timm 1.0 and efficientnet-lite-pytorch 0.1.0.
"""
import argparse, json, os, sys
import numpy as np, torch

SIZES = {"inception-resnet-v2": 107}  # Rows and columns of the input, else 64: what leaves the last map 2 x 2.
PERIOD = 1 << 22  # Larger weights repeat themselves.

def unit(name, count):
    """Uniform numbers in [0, 1) from a name, the same in Swift (Tests/NetworksTests/FormulaWeights.swift)."""
    hash = 0xCBF29CE484222325
    for byte in name.encode(): hash = ((hash ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(hash)
        x ^= x >> np.uint64(32); x *= np.uint64(0xD6E8FEB86659FD93); x ^= x >> np.uint64(32)
    return (x >> np.uint64(40)).astype(np.float64) / 2**24

def weight(name, shape):
    count = int(np.prod(shape))
    u = np.resize(unit(name, min(count, PERIOD)), count)
    if len(shape) >= 2: values = (u - 0.5) * (12 * 2 / np.prod(shape[1:])) ** 0.5
    elif name.endswith("running_var"): values = 0.5 + u
    elif name.endswith("weight"): values = 0.75 + 0.5 * u
    else: values = (u - 0.5) * 0.2
    return torch.tensor(values.astype(np.float32)).reshape(shape)

def parameters(network): return sum(p.numel() for name, p in network.named_parameters() if not name.startswith("aux"))

def training(network, x):
    """Every 50th of the logits and of the auxiliary heads' in training, normalised by the batch, nothing dropped."""
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout): module.p = 0.0
    with torch.no_grad(): out = network(x)
    return {name: logits[:, ::50].flatten().tolist() for name, logits in
            [("logits", out.logits), ("aux1", out.aux_logits1), ("aux2", out.aux_logits2)]}

def main():
    parser = argparse.ArgumentParser(); parser.add_argument("--torchvision"); options = parser.parse_args()
    if options.torchvision: sys.path.append(options.torchvision)
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("qnms", "nms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d",
                     "_roi_align_backward", "_roi_pool_backward", "_ps_roi_align_backward", "_ps_roi_pool_backward",
                     "_deform_conv2d_backward"):
        library.define(f"{operator}(Tensor x) -> Tensor")
    from torchvision import models
    import timm
    from efficientnet_lite_pytorch import EfficientNet
    networks = {"resnet18": models.resnet18, "resnet34": models.resnet34, "resnet50": models.resnet50,
                "efficientnet-b0": models.efficientnet_b0, "efficientnet-b3": models.efficientnet_b3,
                "efficientnet-lite0": lambda: EfficientNet.from_name("efficientnet-lite0"),
                "densenet121": models.densenet121, "vgg16": lambda: models.vgg16(init_weights=False),
                "vgg16-bn": lambda: models.vgg16_bn(init_weights=False),
                "googlenet": lambda: models.googlenet(aux_logits=True, init_weights=False),
                "inception-resnet-v2": lambda: timm.create_model("inception_resnet_v2")}
    golden = {}
    for name, make in networks.items():
        network = make().eval()
        state = {key: torch.zeros_like(value) if key.endswith("num_batches_tracked") else weight(key, tuple(value.shape))
                 for key, value in network.state_dict().items()}
        network.load_state_dict(state)
        size = SIZES.get(name, 64)
        x = torch.tensor((unit("input", 2 * 3 * size * size) * 4 - 2).astype(np.float32))
        x = x.reshape(2, 3, size, size).requires_grad_()
        logits = network(x)
        torch.nn.functional.cross_entropy(logits, torch.tensor([3, 700])).backward()
        first = next(network.parameters())
        golden[name] = {"parameters": parameters(network), "size": size,
                        "names": len([k for k in state if not k.endswith("num_batches_tracked")]),
                        "logits": logits[:, ::50].flatten().tolist(), "largest": logits.abs().max().item(),
                        "input_gradient_norm": x.grad.norm().item(), "first_gradient_norm": first.grad.norm().item()}
        if name == "googlenet": golden[name]["training"] = training(network, x)
        print(name, golden[name]["parameters"], golden[name]["largest"])
    where = os.path.join(os.path.dirname(__file__), "../../Tests/NetworksTests/Fixtures/networks.json")
    with open(where, "w") as file: json.dump({"made with": f"torch {torch.__version__}", "networks": golden}, file, indent=1)

if __name__ == "__main__": main()
