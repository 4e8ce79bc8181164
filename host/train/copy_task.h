// The copy task: a network reads a sequence of bits, and gives it back once it has ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/training_data.h"
#include "host/train/training_settings.h"

namespace systol {

/// A sample is [2 length + 1][bits + 1]: `length` rows of bits, a row whose last value is 1, and
/// empty rows for the answer, which is [length][bits].
struct CopyTask {
  std::size_t length = 0;
  std::size_t bits = 0;
};

/// What the network's shapes are for. Throws InputError where they are for no such task.
CopyTask copy_task_of(const Graph& network);

/// So many sequences of random bits, the same for the same seed.
TrainingData copy_sequences(const CopyTask& task, std::size_t count, std::uint64_t seed);

/// How well a network copies sequences that it has not seen.
struct Recall {
  std::size_t length = 0;
  std::size_t sequences = 0;
  std::size_t whole = 0;  ///< of them without a wrong bit
  std::size_t bits = 0;
  std::size_t right = 0;  ///< of the bits
};

/// Of a network for the task, whose values are those that it has. `settings` say the precision.
Recall recall_of(Graph& network, const TrainingSettings& settings, std::size_t sequences,
                 std::uint64_t seed);

/// Where a machine's heads wrote and read in one sequence: weights [slots][steps].
struct HeadWeights {
  std::size_t slots = 0;
  std::size_t steps = 0;
  std::vector<float> written;
  std::vector<float> read;
};

/// Of the first sequence of the seed. Empty of a network without an `ntm` layer.
HeadWeights head_weights(Graph& network, const TrainingSettings& settings, std::uint64_t seed);

}  // namespace systol
