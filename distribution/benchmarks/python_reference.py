"""Times the published Python package next to `stir score --optimizer published`, on the same models and digits.

    python python_reference.py IMAGE WHEEL [--inputs 100] [--iterations 1000] [--models vgg0 resnet0] [--threads 1]

IMAGE is the folder of Stir's image, WHEEL the wheel of stir-invariance 0.0 (`pip download --no-deps
stir-invariance==0.0`). Needs torch, torchvision, tqdm, joblib and scikit-learn. The package asks for CUDA in five places; its text is changed
there, in a temporary copy, to run on the CPU, and nowhere else. The models are the image's scripted archives: the
adapters below call their submodules in the way the package expects of a model.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def unpack_for_cpu(wheel):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stir-python-"))
    zipfile.ZipFile(wheel).extractall(folder)
    attacker = folder / "stir/attack/attacker.py"
    attacker.write_text(attacker.read_text().replace("f'cuda:{devices[0]}'", "x.device"))
    main = folder / "stir/stir.py"
    main.write_text(main.read_text().replace("f'cuda:{devices[0]}'", "'cpu'"))
    sys.path.insert(0, str(folder))


def digits(image, count):
    import numpy as np
    import torch

    raw = np.fromfile(f"{image}/demo/mnist500-images-idx3-ubyte", np.uint8)[16:]
    return torch.from_numpy(raw.reshape(-1, 1, 28, 28)[:count].copy()).float() / 255


def adapter(image, name):
    """The package decides by the class's name whether to ask for a fake ReLU: for a ResNet it does, for a VGG not."""
    import torch
    from stir.model.tools.custom_modules import FakeReLU

    script = torch.jit.load(f"{image}/demo/{name}.script.pt").eval()
    for parameter in script.parameters():
        parameter.requires_grad_(False)

    class Adapter(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = script

        def forward(self, x, with_latent=False, fake_relu=False, **unused):
            latent = self.latent(x, fake_relu)
            return (self.head(latent), latent) if with_latent else self.head(latent)

    class VGG(Adapter):
        def latent(self, x, fake_relu):
            n = self.net
            c = n.classifier
            return c.relu1(c.fc1(n.flatten(n.features(n.norm(x)))))

        def head(self, latent):
            return self.net.classifier.fc2(latent)

    class ResNet(Adapter):
        def latent(self, x, fake_relu):
            n = self.net
            y = n.layer2(n.layer1(n.relu(n.bn1(n.conv1(n.norm(x))))))
            for block in n.layer3.children():
                z = block.bn2(block.conv2(block.relu1(block.bn1(block.conv1(y))))) + block.shortcut(y)
                y = FakeReLU.apply(z) if fake_relu else block.relu2(z)
            return n.flatten(n.avgpool(y))

        def head(self, latent):
            return self.net.fc(latent)

    adapted = (VGG if name.startswith("vgg") else ResNet)().eval()
    check(adapted, script, image)
    return adapted


def check(adapted, script, image):
    """The adapter must be the archive's own network."""
    import torch

    x = digits(image, 4)
    with torch.no_grad():
        error = (adapted(x) - script(x)).abs().max().item()
    if error > 1e-4:
        raise SystemExit(f"The adapter is not the archive's network: outputs differ by {error}")


def python_run(args):
    import torch

    torch.set_num_threads(args.threads)
    import stir
    from stir import helper
    from stir.attack.losses import LPNormLossSingleModel
    from stir.model.tools.helpers import InputNormalize

    first, second = (adapter(args.image, name) for name in args.models)
    clamp_only = InputNormalize(torch.zeros(1), torch.ones(1))  # the models normalise themselves
    settings = dict(
        custom_loss=LPNormLossSingleModel(helper.DummyArgs(("lpnorm_type", 2.0, float))),
        constraint="unconstrained", eps=1000, step_size=0.5, iterations=args.iterations, targeted=True,
        do_tqdm=False, should_normalize=True, use_best=True)  # the package's own defaults
    torch.manual_seed(0)
    result = stir.STIR(first, second, clamp_only, clamp_only, digits(args.image, args.inputs),
                       ve_kwargs=settings, sim_metric="linear_CKA", seed="super-noise")
    print("STIR", f"{float(result.m2m1):.4f}", f"{float(result.m1m2):.4f}")


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("image")
    parser.add_argument("wheel")
    parser.add_argument("--inputs", type=int, default=100)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--models", nargs=2, default=["vgg0", "resnet0"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--python-only", action="store_true", help="one run of the package, without Stir")
    args = parser.parse_args()
    if args.python_only:
        unpack_for_cpu(args.wheel)
        python_run(args)
        return
    python = [sys.executable, __file__, *sys.argv[1:], "--python-only"]
    demo = f"{args.image}/demo"
    stir_command = [
        f"{args.image}/bin/stir", "score", *(f"{demo}/{name}.script.pt" for name in args.models),
        "--inputs", f"{demo}/mnist500-images-idx3-ubyte", "--limit", str(args.inputs), "--optimizer", "reference",
        "--iterations", str(args.iterations), "--threads", str(args.threads)]
    python_wall, python_cpu, python_output = timed(python)
    stir_wall, stir_cpu, stir_output = timed(stir_command)
    print(python_output.strip())
    print(stir_output.strip())
    print(f"\n{' '.join(args.models)}, {args.inputs} inputs, {args.iterations} iterations, {args.threads} threads\n")
    print("| | wall, s | CPU, s |\n|---|---|---|")
    print(f"| Python package | {python_wall:.1f} | {python_cpu:.1f} |")
    print(f"| Stir | {stir_wall:.1f} | {stir_cpu:.1f} |")
    print(f"| Python / Stir | {python_wall / stir_wall:.2f} | {python_cpu / stir_cpu:.2f} |")


if __name__ == "__main__":
    main()
