#include "host/import/onnx_file.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "sim/base/error.h"

namespace systol::onnx_import {
namespace {

namespace pb = google::protobuf;
using pb::internal::WireFormatLite;

void check_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    throw InputError(path.string() + ": no such file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError(path.string() + ": not a file");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (size == 0) {
    throw InputError(path.string() + ": the file is empty");
  }
  if (size > static_cast<std::uintmax_t>(std::numeric_limits<std::int32_t>::max())) {
    throw InputError(
        fmt::format("{}: {} bytes; an ONNX file has at most 2 GiB", path.string(), size));
  }
}

/// A file as protobuf reads it. What it skips is not read.
class FileStream : public pb::io::CopyingInputStream {
 public:
  explicit FileStream(const InputFile& file) : file_(file) {}

  int Read(void* buffer, int size) override {
    const std::size_t got = file_.read_at(at_, buffer, static_cast<std::size_t>(size));
    at_ += got;
    return static_cast<int>(got);
  }
  int Skip(int count) override {
    const std::uint64_t end = std::max(at_, file_.size());
    const std::uint64_t skipped = std::min(end - at_, static_cast<std::uint64_t>(count));
    at_ += skipped;
    return static_cast<int>(skipped);
  }

 private:
  const InputFile& file_;
  std::uint64_t at_ = 0;
};

/// The bytes of a message's fields but those that are read in another way.
class OtherFields {
 public:
  bool take(pb::io::CodedInputStream& from, std::uint32_t tag) {
    return WireFormatLite::SkipField(&from, tag, &to_);
  }
  bool parse(pb::MessageLite& message) {
    to_.Trim();
    return message.ParseFromString(bytes_);
  }

 private:
  std::string bytes_;
  pb::io::StringOutputStream stream_{&bytes_};
  pb::io::CodedOutputStream to_{&stream_};
};

/// Goes through the fields of a model, its graph and its initializers, and has protobuf parse them
/// without the raw data that are left in the file. All functions give false for bytes that are no
/// such message.
class Reader {
 public:
  Reader(std::shared_ptr<const InputFile> file, OnnxFile& result)
      : file_(std::move(file)), result_(result) {}

  bool model() {
    OtherFields fields;
    OtherFields graph_fields;
    bool has_graph = false;
    const bool read = each_field([&](std::uint32_t tag) {
      if (tag != tag_of(onnx::ModelProto::kGraphFieldNumber)) {
        return fields.take(from_, tag);
      }
      has_graph = true;
      return inside([&] { return graph(graph_fields); });
    });
    if (!read || !fields.parse(result_.model)) {
      return false;
    }
    if (!has_graph) {
      return true;
    }
    onnx::GraphProto& graph = *result_.model.mutable_graph();
    const bool parsed = graph_fields.parse(graph);
    graph.mutable_initializer()->Swap(&initializers_);
    return parsed;
  }

 private:
  static constexpr std::uint32_t tag_of(int field) {
    return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  }

  template <class Take>
  bool each_field(const Take& take) {
    for (std::uint32_t tag = from_.ReadTag(); tag != 0; tag = from_.ReadTag()) {
      if (!take(tag)) {
        return false;
      }
    }
    return from_.ConsumedEntireMessage();
  }

  /// What `read` reads is a message that is a field.
  template <class Read>
  bool inside(const Read& read) {
    int length = 0;
    if (!from_.ReadVarintSizeAsInt(&length)) {
      return false;
    }
    const auto limit = from_.PushLimit(length);
    return read() && from_.CheckEntireMessageConsumedAndPopLimit(limit);
  }

  bool graph(OtherFields& fields) {
    return each_field([&](std::uint32_t tag) {
      return tag == tag_of(onnx::GraphProto::kInitializerFieldNumber)
                 ? inside([&] { return initializer(); })
                 : fields.take(from_, tag);
    });
  }

  bool initializer() {
    OtherFields fields;
    FilePart left{file_};
    std::string raw;
    bool has_raw = false;
    const bool read = each_field([&](std::uint32_t tag) {
      if (tag != tag_of(onnx::TensorProto::kRawDataFieldNumber)) {
        return fields.take(from_, tag);
      }
      has_raw = true;
      return raw_data(left, raw);
    });
    onnx::TensorProto& tensor = *initializers_.Add();
    if (!read || !fields.parse(tensor)) {
      return false;
    }
    if (left.size > 0) {
      result_.left[tensor.name()] = left;
    } else if (has_raw) {
      tensor.set_raw_data(std::move(raw));
    }
    return true;
  }

  /// Reads short data; of others it keeps the place.
  bool raw_data(FilePart& left, std::string& raw) {
    int size = 0;
    if (!from_.ReadVarintSizeAsInt(&size)) {
      return false;
    }
    left.size = 0;
    if (size <= kMostRead) {
      return from_.ReadString(&raw, size);
    }
    left.offset = static_cast<std::uint64_t>(from_.CurrentPosition());
    left.size = static_cast<std::uint64_t>(size);
    return from_.Skip(size);
  }

  std::shared_ptr<const InputFile> file_;
  OnnxFile& result_;
  FileStream bytes_{*file_};
  pb::io::CopyingInputStreamAdaptor stream_{&bytes_};
  pb::io::CodedInputStream from_{&stream_};
  pb::RepeatedPtrField<onnx::TensorProto> initializers_;
};

}  // namespace

OnnxFile read_onnx_file(const std::filesystem::path& path) {
  check_file(path);
  const pb::LogSilencer silencer;  // what it has to say is said below
  OnnxFile result;
  if (!Reader(std::make_shared<const InputFile>(path, "an ONNX model"), result).model()) {
    throw InputError(path.string() + ": not an ONNX model, or cut short");
  }
  if (!result.model.has_graph()) {
    throw InputError(path.string() + ": not an ONNX model (it holds no graph)");
  }
  return result;
}

}  // namespace systol::onnx_import
