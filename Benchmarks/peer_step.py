"""The peer of `insonate-compute`: the same work in PyTorch eager with the networks of torchvision and timm, by the same lines.

Prints `ready {json}`; on `go` does one training step (step) or forward pass (infer) and prints its milliseconds; on
`quit` prints the peak resident memory and ends. Needs torch and torchvision, but not torchvision's compiled operators.
"""
import argparse, contextlib, json, sys, time
import torch

VARIANTS = {"eager": (False, False), "channels-last": (True, False), "bfloat16": (False, True),
            "channels-last-bfloat16": (True, True)}

# Networks over clips.
VIDEO = {"r3d-18", "mc3-18", "r2plus1d-18", "s3d"}


def torchvision_models():
    """torchvision's networks, also where its operators were compiled for another build of torch."""
    try:
        from torchvision import models
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]: del sys.modules[name]
        # Declared without content: the networks never call them. Kept, since the declarations live as long as it does.
        torchvision_models.library = torch.library.Library("torchvision", "DEF")
        for operator in ("qnms", "nms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d",
                         "_roi_align_backward", "_roi_pool_backward", "_ps_roi_align_backward",
                         "_ps_roi_pool_backward", "_deform_conv2d_backward"):
            torchvision_models.library.define(f"{operator}(Tensor x) -> Tensor")
        from torchvision import models
    return models


def make_network(name):
    if name == "efficientnet-lite0":
        from efficientnet_lite_pytorch import EfficientNet
        network = EfficientNet.from_name(name)
        network._fc = torch.nn.Linear(network._fc.in_features, 1)
        return network
    if name == "inception-resnet-v2":
        torchvision_models()  # timm imports torchvision.
        # What it says of packages it can do without must not come among our lines.
        with contextlib.redirect_stdout(sys.stderr): import timm
        return timm.create_model("inception_resnet_v2", num_classes=1)
    # GoogLeNet with its auxiliary classifiers, which training uses; its own initial weights take long to draw.
    settings = {"aux_logits": True, "init_weights": False} if name == "googlenet" else {}
    models = torchvision_models()
    return getattr(models.video if name in VIDEO else models, name.replace("-", "_"))(num_classes=1, **settings)


def weighted_logits(out):
    """The logits to train by, each with its weight in the loss."""
    if isinstance(out, torch.Tensor): return [(out, 1.0)]
    return [(out.logits, 1.0), (out.aux_logits1, 0.3), (out.aux_logits2, 0.3)]


def peak_mebibytes():
    with open("/proc/self/status") as file:
        return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:")), None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["step", "infer"])
    parser.add_argument("--network", required=True)
    parser.add_argument("--variant", choices=VARIANTS, default="eager")
    parser.add_argument("--fused", action="store_true", help="AdamW(fused=True)")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--frames", type=int, default=16, help="of a clip, for networks over clips")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--torchvision", help="folder that holds torchvision, where it is not installed beside torch")
    options = parser.parse_args()
    if options.torchvision: sys.path.append(options.torchvision)

    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    channels_last, bfloat16 = VARIANTS[options.variant]
    video = options.network in VIDEO
    last = torch.channels_last_3d if video else torch.channels_last
    layout = last if channels_last else torch.contiguous_format
    shape = [options.batch, 3] + ([options.frames] if video else []) + [options.size, options.size]
    device = torch.device(options.device)
    network = make_network(options.network).to(device, memory_format=layout)
    images = torch.randn(shape).to(device).contiguous(memory_format=layout)
    labels = (torch.arange(options.batch) % 2).float().to(device)

    def autocast():
        return torch.autocast(device.type, torch.bfloat16) if bfloat16 else contextlib.nullcontext()

    def synchronize():
        if device.type == "cuda": torch.cuda.synchronize()

    failed = []  # losses that are not finite: some gradients in bfloat16 are wrong in libtorch itself
    if options.work == "step":
        network.train()
        optimiser = torch.optim.AdamW(network.parameters(), **({"fused": True} if options.fused else {}))

        def work():
            optimiser.zero_grad()
            with autocast(): out = network(images)
            loss = sum(weight * torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0].float(), labels)
                       for logits, weight in weighted_logits(out))
            if not loss.isfinite(): failed.append(loss.item())
            loss.backward()
            optimiser.step()
    else:
        network.eval()

        def work():
            with torch.inference_mode(), autocast(): network(images).float().cpu()

    for _ in range(options.warm_up): work()
    synchronize()
    ready = {"work": options.work, "network": options.network, "variant": options.variant, "fused": options.fused,
             "batch": options.batch, "size": options.size, "frames": options.frames if video else 1,
             "threads": torch.get_num_threads(),
             "device": str(device), "libtorch": torch.__version__}
    print("ready", json.dumps(ready), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit": break
        if line.strip() != "go": raise SystemExit(f"expected a line go or quit, found {line.strip()}")
        start = time.perf_counter()
        work()
        synchronize()
        print(f"{(time.perf_counter() - start) * 1000:.4f}", flush=True)
    print(json.dumps({"peakMebibytes": peak_mebibytes(), "notFinite": len(failed)}), flush=True)


if __name__ == "__main__": main()
