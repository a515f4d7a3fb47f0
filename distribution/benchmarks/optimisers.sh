#!/bin/sh
# One table of searches: each optimiser on small networks that are trained for it, and on those of the demo.
#
#     distribution/benchmarks/optimisers.sh IMAGE FOLDER [INPUTS] [NETWORK...]
#
# FOLDER keeps the small networks; python is to have torch and scikit-learn.
set -eu
image=$1 folder=$2 inputs=${3:-100}
shift $(($# > 2 ? 3 : 2))
here=$(dirname "$0")
[ -e "$folder/mlp_norm.pt" ] || ${PYTHON:-python} "$here/small_networks.py" "$folder" >&2
exec java -cp "$here/../target/modules/*" "$here/Optimisers.java" "$image" "$inputs" "$folder" "$@"
