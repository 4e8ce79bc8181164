#!/bin/sh
# Trained networks as `systol run --export-quantised` writes them, in onnxruntime: what it stores in
# int8 is at most a step from what the machine stores. Softmax and normalisation magnify what goes into
# them, so that attention's layers differ by more, and its output by a few. Needs onnxruntime-node from npm, where
# NODE_PATH says; otherwise the test is skipped (77) and says why:
#   npm install --ignore-scripts onnxruntime-node
#   NODE_PATH=$PWD/node_modules ctest --preset ci -R onnxruntime
set -eu
systol=$1
source=$2
here=$(dirname "$0")

if ! node -e 'require("onnxruntime-node")' 2>/dev/null; then
  echo "skipped: node has no onnxruntime-node (npm install --ignore-scripts onnxruntime-node, and NODE_PATH)"
  exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
for model in mnist_linear_softmax mnist16_mlp_tanh mnist_lenet mnist_resnet8 mnist_lstm mnist_gru \
  mnist_attention; do
  echo "== $model"
  "$systol" run "$source/configs/models/$model.onnx" -c "$source/configs/edge_16x16.yaml" \
    --input "$source/configs/digits/t10k-1000-images.idx3-ubyte.gz" --limit 20 \
    --export-quantised "$folder/$model.onnx" --save-tensors "$folder/$model" >/dev/null
  case "$model" in
    mnist_attention) steps=40 output=4 ;;
    *) steps=1 output=1 ;;
  esac
  node "$here/compare.cjs" "$folder/$model.onnx" "$folder/$model" "$steps" "$output" || status=1
done
exit "$status"
