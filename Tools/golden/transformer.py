"""Golden output and gradient of one transformer block, by PyTorch's TransformerEncoderLayer on random weights.

Writes Tests/NNTests/Fixtures/transformer.json. Needs torch 2.13.
"""
import json, os
import torch

torch.manual_seed(5)
layer = torch.nn.TransformerEncoderLayer(8, 2, 12, dropout=0, activation="gelu", batch_first=True, norm_first=True)
for parameter in layer.parameters(): torch.nn.init.normal_(parameter, std=0.4)
x = torch.randn(2, 3, 8, requires_grad=True)
output = layer(x)
output.pow(2).sum().backward()
golden = {"state": {name: {"shape": list(value.shape), "values": value.flatten().tolist()} for name, value in layer.state_dict().items()},
          "input": x.flatten().tolist(), "output": output.flatten().tolist(), "gradient": x.grad.flatten().tolist()}
with open(os.path.join(os.path.dirname(__file__), "../../Tests/NNTests/Fixtures/transformer.json"), "w") as file: json.dump(golden, file)
