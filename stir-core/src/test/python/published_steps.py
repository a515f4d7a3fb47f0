"""Writes the published code's own iterates: steps/NAME.steps.npz, read by PublishedAlgorithmTest.

    python published_steps.py WHEEL

WHEEL is the wheel of stir-invariance 0.0 (`pip download --no-deps stir-invariance==0.0`). Needs torch 2.7.1, torchvision,
tqdm, joblib and scikit-learn; runs on the CPU. Each file holds `x`, the digits; `target`, their representations; `iterates`, the seeds
and the points after 1 to 20 steps of the package's Attacker; `best`, what it returns as the best of 20; and `losses`, its
mean distance at each point. The networks are the scripted archives of backend-djl's tests.
"""
import pathlib
import sys
import tempfile
import zipfile

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
MODELS = ROOT / "backend-djl/src/test/resources/stir/backend/djl"
DIGITS = ROOT / "distribution/src/demo/mnist500-images-idx3-ubyte"
OUT = HERE.parent / "resources/steps"
ROWS, STEPS = 8, 20


def unpack_for_cpu(wheel):
    """The package asks for CUDA where it returns losses; its text is changed there, in a temporary copy."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stir-python-"))
    zipfile.ZipFile(wheel).extractall(folder)
    attacker = folder / "stir/attack/attacker.py"
    attacker.write_text(attacker.read_text().replace("f'cuda:{devices[0]}'", "x.device"))
    sys.path.insert(0, str(folder))


def digits():
    raw = np.frombuffer(DIGITS.read_bytes()[16:], np.uint8)
    return torch.from_numpy(raw[: ROWS * 784].reshape(ROWS, 1, 28, 28).copy()).float() / 255


def adapter(name, fake_relu):
    """The package asks for a fake ReLU unless the class is called VGG."""
    from stir.model.tools.custom_modules import FakeReLU

    script = torch.jit.load(str(MODELS / f"{name}.script.pt")).eval()
    for parameter in script.parameters():
        parameter.requires_grad_(False)

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = script

        def forward(self, x, with_latent=False, fake_relu=False, **unused):
            latent = self.latent(x, fake_relu)
            return (None, latent) if with_latent else latent

    class VGG(Network):
        def latent(self, x, fake_relu):
            c = self.net.classifier
            return c.relu1(c.fc1(self.net.flatten(self.net.features(self.net.norm(x)))))

    class ResNet(Network):
        def latent(self, x, fake):
            n = self.net
            y = n.layer2(n.layer1(n.relu(n.bn1(n.conv1(n.norm(x))))))
            for block in n.layer3.children():
                z = block.bn2(block.conv2(block.relu1(block.bn1(block.conv1(y))))) + block.shortcut(y)
                y = FakeReLU.apply(z) if fake and fake_relu else block.relu2(z)
            return n.flatten(n.avgpool(y))

    class ViT(Network):
        def latent(self, x, fake_relu):
            n = self.net
            patches = n.patch(n.norm(x)).flatten(2).transpose(1, 2)
            tokens = torch.cat([n.cls.expand(len(x), -1, -1), patches], 1) + n.pos
            return n.pick(n.ln(n.blocks(tokens)))

    return {"vgg": VGG, "adv": VGG, "res": ResNet, "vit": ViT}[name[:3]]().eval()


def write(name, fake_relu, file):
    from stir import helper
    from stir.attack.attacker import Attacker
    from stir.attack.losses import LPNormLossSingleModel
    from stir.model.tools.helpers import InputNormalize

    x = digits()
    torch.manual_seed(11)
    seed = torch.randn(x.shape)
    network = adapter(name, fake_relu)
    with torch.no_grad():
        target = network(x)
    clamp_only = InputNormalize(torch.zeros(1), torch.ones(1))  # the networks normalise themselves
    attacker = Attacker(network, clamp_only)
    loss = LPNormLossSingleModel(helper.DummyArgs(("lpnorm_type", 2.0, float)))

    def run(steps, best):
        return attacker.forward(
            seed.clone(), target, constraint="unconstrained", eps=1000, step_size=0.5, iterations=steps, targeted=True,
            custom_loss=loss, do_tqdm=False, should_normalize=True, use_best=best)

    iterates = [seed] + [run(steps, False)[0] for steps in range(1, STEPS + 1)]
    best, losses = run(STEPS, True)
    np.savez_compressed(
        OUT / f"{file}.steps.npz", x=x.numpy(), target=target.numpy(), best=best.numpy(), losses=losses.numpy(),
        iterates=torch.stack(iterates).detach().reshape(-1, 1, 28, 28).numpy())
    print(file, losses[0].item(), losses[-1].item())


if __name__ == "__main__":
    torch.set_num_threads(1)
    unpack_for_cpu(sys.argv[1])
    for name in ("vgg0", "resnet0", "adv0", "vit0"):
        write(name, True, name)
    write("resnet0", False, "resnet0.truegrad")
