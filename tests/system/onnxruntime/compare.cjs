// Runs a network that `systol run --export-quantised` wrote in onnxruntime and compares what each
// QuantizeLinear there stores with what the machine stored (--save-tensors), in steps of int8.
//   node compare.cjs NETWORK.onnx TENSORS_FOLDER STEPS OUTPUT_STEPS
// fails where one differs by more than STEPS, or the last one by more than OUTPUT_STEPS.
'use strict';
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

/** A protobuf field that holds bytes. */
function field(number, bytes) {
  const length = [];
  let rest = bytes.length;
  do {
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

/** The model with more outputs: messages that follow one another are merged. */
function withOutputs(model, names) {
  const values = names.map((name) => field(12, field(1, Buffer.from(name))));
  return Buffer.concat([model, field(7, Buffer.concat(values))]);
}

function readInt8(file, count) {
  const bytes = fs.readFileSync(file);
  return new Int8Array(bytes.buffer, bytes.byteOffset + bytes.length - count, count);
}

/** Values of [N, C, H, W] as [N, H, W, C]. */
function channelsLast(values, [n, h, w, c]) {
  const result = new Float32Array(values.length);
  for (let i = 0; i < n; ++i) {
    for (let k = 0; k < c; ++k) {
      for (let p = 0; p < h * w; ++p) {
        result[(i * h * w + p) * c + k] = values[(i * c + k) * h * w + p];
      }
    }
  }
  return result;
}

function difference(tensor, values) {
  let largest = 0;
  let different = 0;
  for (let i = 0; i < values.length; ++i) {
    const level = Math.round(values[i] / tensor.scale) + tensor.zero_point;
    const steps = Math.abs(level - tensor.levels[i]);
    largest = Math.max(largest, steps);
    different += steps > 0 ? 1 : 0;
  }
  return { largest, share: different / values.length };
}

async function main(network, folder, most, mostOfOutput) {
  const { tensors } = JSON.parse(fs.readFileSync(path.join(folder, 'tensors.json')));
  for (const tensor of tensors) {
    tensor.count = tensor.shape.reduce((a, b) => a * b, 1);
    tensor.levels = readInt8(path.join(folder, tensor.file), tensor.count);
  }
  const model = fs.readFileSync(network);
  const stored = tensors.filter((tensor) => model.includes(`${tensor.name}.dequantised`));
  const session = await ort.InferenceSession.create(
      withOutputs(model, stored.map((tensor) => `${tensor.name}.dequantised`)),
      { graphOptimizationLevel: 'disabled' });
  const input = tensors.find((tensor) => tensor.name === session.inputNames[0]);
  const values = Float32Array.from(input.levels, (level) => input.scale * (level - input.zero_point));
  // One channel: [H, W, 1] and [1, H, W] are the same values.
  const shape = session.inputMetadata ? session.inputMetadata[0].shape.slice(1) : input.shape.slice(1);
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, [input.shape[0], ...shape]) };
  const results = await session.run(feeds);
  let worst = 0;
  let last = 0;
  for (const tensor of stored) {
    const result = results[`${tensor.name}.dequantised`];
    const image = tensor.shape.length === 4 && result.dims[1] === tensor.shape[3] &&
        result.dims[2] === tensor.shape[1];
    const found = difference(tensor, image ? channelsLast(result.data, tensor.shape) : result.data);
    console.log(`${tensor.name}: at most ${found.largest} steps, ${(100 * found.share).toFixed(3)} % differ`);
    worst = Math.max(worst, found.largest);
    last = found.largest;
  }
  console.log(`${stored.length} tensors, at most ${worst} steps, the output ${last}`);
  if (stored.length === 0 || worst > most || last > mostOfOutput) {
    process.exitCode = 1;
  }
}

main(process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
