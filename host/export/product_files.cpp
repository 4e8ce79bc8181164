#include "host/export/product_files.h"

#include <fmt/format.h>

#include "hw/isa/text.h"

namespace systol {

void ProductFiles::operator()(const isa::Program& product) {
  files_.write(fmt::format("{:03}.tpu", written_++), {isa::to_text(product)});
}

}  // namespace systol
