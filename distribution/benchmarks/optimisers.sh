#!/bin/sh
# One table of searches: each optimiser on small networks that are trained for it, on those of the demo and of tests, and on
# networks at the size of photos.
#
#     [SEED=KIND] [LAYER=NAME] distribution/benchmarks/optimisers.sh IMAGE FOLDER [INPUTS] [NETWORK...]
#
# LAYER is one that all the NETWORKs have. FOLDER keeps the networks; python is to have torch, scikit-learn and what photos.py needs. To be run from the repository's root.
set -eu
image=$1 folder=$2 inputs=${3:-100}
shift $(($# > 2 ? 3 : 2))
here=$(dirname "$0")
[ -e "$folder/mlp_norm.pt" ] || ${PYTHON:-python} "$here/small_networks.py" "$folder" >&2
[ -e "$folder/photos/vit_224.pt" ] || ${PYTHON:-python} "$here/photos.py" "$folder/photos" >&2
exec java -Xmx4g ${SEED:+"-Dseed=$SEED"} ${LAYER:+"-Dlayer=$LAYER"} -cp "$here/../target/modules/*" "$here/Optimisers.java" "$image" "$inputs" "$folder" "$@"
