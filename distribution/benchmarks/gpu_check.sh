#!/usr/bin/env bash
# Checks Stir on a machine with an NVIDIA GPU, in about 10 minutes, without a network: one line of JSON per check, and the
# exit code 1 if one fails. What needs a GPU is skipped without one, with the reason.
#
#     ./gpu_check.sh BUNDLE [--stub]        BUNDLE is the folder that gpu_bundle.sh made
#
# --stub puts a library in place of a missing driver that finds no GPU, so that CUDA's libraries load: with it, values of
# the GPU's libraries are computed on the CPU and compared with those of the CPU's. Needs cc.
set -uo pipefail

pass() { # BUNDLE MODEL SHAPE DEVICE CHECK ...: one run of GpuPasses, with the variables of the launcher
  local bundle=$1 model=$2 shape=$3 device=$4 java=java
  shift 4
  [ ! -x "$bundle/stir/runtime/bin/java" ] || java=$bundle/stir/runtime/bin/java
  local path=${LD_LIBRARY_PATH:-} lib
  for lib in "$bundle"/stir/gpu/nvidia/*/lib; do [ ! -d "$lib" ] || path=$lib${path:+:$path}; done
  LD_LIBRARY_PATH=$path ORT_DISABLE_TELEMETRY=1 TF_CPP_MIN_LOG_LEVEL=3 TF_CPU_ALLOCATOR_USE_BFC=true \
    NVIDIA_TF32_OVERRIDE=${NVIDIA_TF32_OVERRIDE-0} \
    "$java" ${JAVA_MEMORY:--Xmx4g} -Dstir.home="$bundle/stir" \
    -Djava.util.logging.config.file="$bundle/stir/conf/logging.properties" -cp "$bundle/classes:$bundle/modules/*" GpuPasses "$bundle/stir" \
    "$bundle/models/$model" "$shape" "$device" "$@" 2>>"${LOG:-/dev/stderr}"
}
if [ "$1" = --pass ]; then
  shift
  pass "$@"
  exit
fi

bundle=$(realpath "$1")
stub=false
[ "${2:-}" != --stub ] || stub=true
stir=$bundle/stir/bin/stir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LOG=$work/log STIR_CACHE=${STIR_CACHE:-$work/cache}
failed=0

escape() { tr '\n\t' '  ' | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//'; }
line() { # NAME OK|failed|skipped TEXT
  printf '{"check": "%s", "result": "%s", "text": "%s"}\n' "$1" "$2" "$(printf '%s' "$3" | escape)"
  [ "$2" != failed ] || failed=1
}
passes() { pass "$bundle" "$@" || failed=1; }

# 1. What is there.
"$bundle/stir/bin/stir-gpu" install --keep >"$work/install" 2>&1 &&
  line install ok "$(tail -n 1 "$work/install")" || line install failed "$(cat "$work/install")"
if $stub; then
  mkdir "$work/stub"
  for name in cuCtxGetCurrent cuCtxSetCurrent cuDeviceGetCount cuDevicePrimaryCtxGetState cuDevicePrimaryCtxRetain \
    cuDriverGetVersion cuFuncGetAttribute cuFuncSetAttribute cuGetErrorName cuGetErrorString cuGetProcAddress \
    cuGetProcAddress_v2 cuInit cuLaunchCooperativeKernel cuLaunchKernel cuLinkAddData_v2 cuLinkComplete \
    cuLinkCreate_v2 cuModuleGetFunction cuModuleLoadData cuModuleLoadDataEx cuModuleUnload \
    cuOccupancyMaxActiveBlocksPerMultiprocessor cuTensorMapEncodeTiled; do
    echo "int $name(void) { return 100; }" # CUDA_ERROR_NO_DEVICE
  done | cc -shared -fPIC -x c - -o "$work/stub/libcuda.so.1" -Wl,-soname,libcuda.so.1
  export LD_LIBRARY_PATH=$work/stub${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
gpus=$(nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null)
count=$(printf '%s' "$gpus" | grep -c .)
[ "$count" -gt 0 ] && line driver ok "$gpus" || line driver skipped "nvidia-smi lists no GPU"
missing=$(for lib in "$bundle"/stir/gpu/nvidia/*/lib "$bundle"/stir/gpu/torch/lib; do
  LD_LIBRARY_PATH=$(printf '%s:' "$bundle"/stir/gpu/nvidia/*/lib)$bundle/stir/gpu/torch/lib:${LD_LIBRARY_PATH:-} \
    ldd "$lib"/*.so* 2>/dev/null | sed -n 's/^\t*\(.*\) => not found/\1/p'
done | sort -u | grep -v -E '^(libcuda\.so|libmpi|libpmix|libfabric|libibverbs|librdmacm|libmlx5|liboshmem|libucs|libucp|libnvshmem|libtorch_python|libpython)' | tr '\n' ' ')
[ -z "$missing" ] && line libraries ok "all libraries find theirs" || line libraries failed "not found: $missing"
"$stir" backends --devices >"$work/devices" 2>"$work/error" &&
  line devices ok "$(grep -v '=\.\.\.' "$work/devices" | tr -s ' \n' ' ')" ||
  line devices failed "$(cat "$work/error")"

# 2. Values and gradients against the CPU: on the GPU, or of the GPU's libraries on the CPU, where the bits are equal.
while read -r model shape; do
  if [ "$count" -gt 0 ]; then
    passes "$model" "$shape" cuda values "$bundle/references/$model.floats" 1e-5
    NVIDIA_TF32_OVERRIDE=1 pass "$bundle" "$model" "$shape" cuda values "$bundle/references/$model.floats" 1e-2
    pass "$bundle" "$model" "$shape" cuda repeat 20 # equal bits are not promised
  else
    case $model in
      *.pt | *.pt2)
        $stub || { line "values $model" skipped "no driver: --stub puts a library in its place" && continue; }
        PYTORCH_LIBRARY_PATH=$bundle/stir/gpu/torch/lib PYTORCH_FLAVOR=cu128 \
          passes "$model" "$shape" cpu values "$bundle/references/$model.floats" 0
        ;;
      *) passes "$model" "$shape" cpu values "$bundle/references/$model.floats" 0 ;;
    esac
  fi
done <"$bundle/models/models.txt"

first() { sed -n "s/ .*//; /\\.$1\$/p" "$bundle/models/models.txt" | head -n 1; }
digits=$bundle/stir/demo/mnist500-images-idx3-ubyte
if [ "$count" -gt 0 ]; then
  # 3. A search that is killed continues.
  set -- invert "$bundle/models/vgg.onnx" --inputs "$digits" --limit 200 --device cuda --out "$work/killed"
  setsid "$stir" "$@" >/dev/null 2>&1 &
  sleep 20
  kill -9 "-$!" 2>/dev/null
  sleep 1
  "$stir" "$@" >/dev/null 2>"$work/error" && line continue ok "" || line continue failed "$(tail -n 1 "$work/error")"

  # 4. Speed, beside PyTorch alone.
  model=$(sed -n 's/ .*//; /^resnet50\.pt/p' "$bundle/models/models.txt")
  model=${model:-vgg.pt2}
  shape=$(sed -n "s/^$model //p" "$bundle/models/models.txt")
  for network in "$model" "${model%.*}.onnx"; do
    for rows in 6 16 64; do
      for threads in 1 8; do passes "$network" "$shape" cuda passes "$rows" "$threads"; done
    done
    for threads in 1 4 16; do passes "$network" "$shape" cuda search 102 "$threads"; done
  done
  python3 -m venv "$work/venv" >/dev/null 2>&1 &&
    "$work/venv/bin/pip" install -q --no-index --no-deps "$bundle"/stir/gpu/downloads/*.whl "$bundle"/wheels/*.whl >"$work/pip" 2>&1
  python=${PYTHON:-$work/venv/bin/python}
  "$python" - "$bundle/models/$model" "$shape" <<'END' 2>"$work/error" || line eager skipped "no torch for this Python: $(tail -n 1 "$work/error")"
import sys, time, torch
shape = [int(side) for side in sys.argv[2].split("x")]
network = (torch.export.load(sys.argv[1]).module() if sys.argv[1].endswith(".pt2") else torch.jit.load(sys.argv[1])).cuda()
torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
for rows in (6, 16, 64):
    x = torch.rand(rows, *shape, device="cuda", requires_grad=True)
    for step in range(23):
        if step == 3:
            torch.cuda.synchronize()
            start = time.perf_counter()
        torch.autograd.grad(network(x).square().sum(), x)
    torch.cuda.synchronize()
    print('{"check": "eager", "rows": %d, "rows_per_second": %.1f}' % (rows, rows * 20 / (time.perf_counter() - start)))
END

  # 5. Two libraries in one process.
  score() { "$stir" score "$bundle/models/$1" "$bundle/models/$2" --inputs "$digits" --limit 20 --iterations 20 --device "$3"; }
  for pair in "vgg.pt2 vgg.onnx" "vgg.pt2 keras_vgg0" "vgg.onnx keras_vgg0"; do
    # shellcheck disable=SC2086  # two words
    score $pair cuda >/dev/null 2>"$work/error" && line "mixed $pair" ok "" || line "mixed $pair" failed "$(tail -n 1 "$work/error")"
  done

  # 6. Another GPU.
  if [ "$count" -gt 1 ]; then
    while read -r model shape; do
      before=$(nvidia-smi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits)
      passes "$model" "$shape" cuda:1 values "$bundle/references/$model.floats" 1e-5
      after=$(nvidia-smi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits)
      [ $((after - before)) -lt 64 ] && line "other GPU unused by $model" ok "" || line "other GPU unused by $model" failed "$before to $after MB"
    done <"$bundle/models/models.txt"
  else
    line "second GPU" skipped "there is one"
  fi

  # 7. The end of the GPU's memory: one sentence, code 1.
  "$python" -c 'import time, torch
free, _ = torch.cuda.mem_get_info()
held = torch.empty(int(free * 0.98), dtype=torch.uint8, device="cuda")
time.sleep(90)' 2>/dev/null &
  holder=$!
  sleep 20
  if kill -0 $holder 2>/dev/null; then
    for network in "$model" "${model%.*}.onnx" keras_vgg0; do
      "$stir" represent "$bundle/models/$network" --inputs "$digits" --limit 100 --device cuda --out "$work/$network.npy" >/dev/null 2>"$work/error"
      code=$?
      [ "$(wc -l <"$work/error")" -le 2 ] && [ $code -le 2 ] && line "memory $network" ok "code $code: $(cat "$work/error")" ||
        line "memory $network" failed "code $code: $(cat "$work/error")"
    done
    kill $holder 2>/dev/null
  else
    line memory skipped "no torch for this Python"
  fi
else
  line "continue, speed, mixed, second GPU, memory" skipped "no GPU"
fi

# 8. Set-ups that are broken, and the sentence of each. Each is a copy of Stir by links, without or with other parts.
broken() { # NAME EXPECTED MODEL [VARIABLE=VALUE ...]: the sentence of --device cuda contains what is expected
  local name=$1 expected=$2 network=$3 code
  shift 3
  env "$@" "$work/$name/bin/stir" represent "$bundle/models/$network" --inputs "$digits" --limit 2 --device cuda \
    --out "$work/$name.npy" >/dev/null 2>"$work/error"
  code=$?
  if [ $code = 2 ] && [ "$(wc -l <"$work/error")" = 1 ] && grep -q -- "$expected" "$work/error"; then
    line "refusal $name" ok "$(cat "$work/error")"
  else
    line "refusal $name" failed "code $code, expected $expected: $(cat "$work/error")"
  fi
}
copy() { # NAME: a Stir of links
  mkdir -p "$work/$1/bin" "$work/$1/gpu"
  cp "$bundle/stir/bin/stir" "$work/$1/bin/"
  for part in "$bundle"/stir/*; do
    case ${part##*/} in bin | gpu | backends) ;; *) ln -s "$part" "$work/$1/" ;; esac
  done
  cp -rs "$bundle/stir/backends" "$work/$1/"
  [ ! -d "$bundle/stir/gpu/nvidia" ] || cp -rs "$bundle/stir/gpu/nvidia" "$bundle/stir/gpu/torch" "$work/$1/gpu/"
  cp -rs "$bundle"/stir/gpu/*.dist-info "$work/$1/gpu/" 2>/dev/null
}
none=$work/none
mkdir "$none"
torch=$(first pt2)
copy onnx-cpu-jar && rm "$work/onnx-cpu-jar/backends/onnx"/onnxruntime_gpu-*.jar && cp "$bundle/stir/gpu/cpu/onnx"/*.jar "$work/onnx-cpu-jar/backends/onnx/" &&
  broken onnx-cpu-jar 'its jar is the one for the CPU' vgg.onnx
copy tf-cpu-jar && rm "$work/tf-cpu-jar/backends/tf"/*-gpu.jar && cp "$bundle/stir/gpu/cpu/tf"/*.jar "$work/tf-cpu-jar/backends/tf/" &&
  broken tf-cpu-jar 'its jar is the one for the CPU' keras_vgg0
copy torch-cpu && rm -r "$work/torch-cpu/gpu/torch" && broken torch-cpu 'the bundled libtorch is the one for the CPU' "$torch"
copy no-cuda && rm -r "$work/no-cuda/gpu/nvidia" && broken no-cuda 'CUDA 12.8 is missing' vgg.onnx
copy no-cudnn && rm -r "$work/no-cudnn/gpu/nvidia/cudnn" && broken no-cudnn 'cuDNN 9 is missing' vgg.onnx
copy tf-no-cudnn && rm -r "$work/tf-no-cudnn/gpu/nvidia/cudnn" && broken tf-no-cudnn 'cuDNN 9 is missing' keras_vgg0
copy old-cuda && mv "$work/old-cuda/gpu/nvidia_cuda_runtime_cu12-12.8.90.dist-info" "$work/old-cuda/gpu/nvidia_cuda_runtime_cu12-12.6.77.dist-info"
if [ -f "$bundle/libcudart-12.6/libcudart.so.12" ]; then
  cp --remove-destination "$bundle/libcudart-12.6/libcudart.so.12" "$work/old-cuda/gpu/nvidia/cuda_runtime/lib/"
  broken old-cuda 'CUDA is 12.6.77 and must be 12.8' vgg.onnx
else
  line "refusal old-cuda" skipped "the bundle has no CUDA 12.6"
fi
if [ "$count" = 0 ]; then
  copy no-driver
  for network in "$torch" vgg.onnx keras_vgg0; do
    broken no-driver "NVIDIA's driver is missing" "$network" "LD_LIBRARY_PATH=$none"
  done
  ! $stub || for network in "$torch" vgg.onnx keras_vgg0; do
    mkdir -p "$work/no-device" && copy no-device 2>/dev/null
    broken no-device '(' "$network"
  done
fi
copy hidden
for network in "$torch" vgg.onnx keras_vgg0; do
  broken hidden "CUDA_VISIBLE_DEVICES is ''" "$network" CUDA_VISIBLE_DEVICES=
done
exit $failed
