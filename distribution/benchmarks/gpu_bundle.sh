#!/usr/bin/env bash
# Collects all that gpu_check.sh needs in one folder, on a machine with a network and without a GPU: Stir, the packages of
# stir-gpu, networks in three formats, and their values and gradients on the CPU. About 4.5 GB; copy the folder to a machine
# with an NVIDIA GPU, and run gpu_check.sh there.
#
#     distribution/benchmarks/gpu_bundle.sh OUT [small] [no-packages]
#
# Run in a checkout after `mvn package -DskipTests`; IMAGE and MODULES name other folders than distribution/target/stir and
# distribution/target/modules. PYTHON (default python3) has torch and, without `small`, torchvision. `no-packages` leaves
# the packages out. Needs javac.
set -euo pipefail

out=$(realpath -m "$1")
shift
small=
packages=true
for word in "$@"; do
  case $word in
    small) small=small ;;
    no-packages) packages=false ;;
    *) echo "unknown word: $word" >&2 && exit 2 ;;
  esac
done
sources=$(realpath "$(dirname "$0")/../..")
image=${IMAGE:-$sources/distribution/target/stir}
modules=${MODULES:-$sources/distribution/target/modules}

mkdir -p "$out/models" "$out/references" "$out/modules" "$out/classes"
[ -d "$out/stir" ] || cp -rL "$image" "$out/stir"
cp "$modules"/*.jar "$out/modules/"
cp "$sources"/distribution/benchmarks/gpu_check.sh "$sources"/distribution/benchmarks/gpu_models.py "$out/"
javac -nowarn -d "$out/classes" -cp "$modules/*" "$sources/distribution/benchmarks/GpuPasses.java"

rm -f "$out/models/models.txt"
"${PYTHON:-python3}" "$sources/distribution/benchmarks/gpu_models.py" "$out/models" $small
cp -r "$sources/backend-tf/src/test/resources/keras_vgg0" "$out/models/"
echo "keras_vgg0 28x28x1" >>"$out/models/models.txt"

while read -r model shape; do
  file=$out/references/$model.floats
  [ -f "$file" ] || "$out/gpu_check.sh" --pass "$out" "$model" "$shape" cpu values "$file" 0
done <"$out/models/models.txt"
if $packages; then
  "$out/stir/bin/stir-gpu" download
  mkdir -p "$out/wheels" "$out/libcudart-12.6"
  # What torch needs for PyTorch alone, and a CUDA that is too old for ONNX Runtime.
  "${PYTHON:-python3}" -m pip download -q --no-deps -d "$out/wheels" \
    numpy sympy mpmath filelock jinja2 markupsafe networkx typing_extensions fsspec
  "${PYTHON:-python3}" -m pip download -q --no-deps -d "$out/libcudart-12.6" nvidia-cuda-runtime-cu12==12.6.77
  (cd "$out/libcudart-12.6" && unzip -qoj ./*.whl 'nvidia/cuda_runtime/lib/*' && rm ./*.whl)
fi
du -sm "$out" | awk '{ print $1 " MB in " $2 }'
