// Changed ONNX models that are still models: a field of any message gets another value, one of
// several is doubled, moved or taken out, and names become those of other things.
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "host/import/onnx_handlers.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace systol::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Mutation {
 public:
  Mutation(onnx::ModelProto& model, unsigned seed) : random_(seed) { collect(model); }

  void apply() {
    if (fields_.empty()) {
      return;
    }
    const auto [message, field] = fields_[below(fields_.size())];
    const Reflection& reflection = *message->GetReflection();
    if (field->is_repeated() && (below(2) == 0 || field->message_type() != nullptr)) {
      change_list(*message, reflection, field);
    } else {
      change_value(*message, reflection, field);
    }
  }

 private:
  struct Field {
    Message* message;
    const FieldDescriptor* field;
  };

  std::size_t below(std::size_t end) { return random_() % end; }

  /// All fields that are set, and all names.
  void collect(Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> set;
    reflection.ListFields(message, &set);
    for (const FieldDescriptor* field : set) {
      fields_.push_back({&message, field});
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          collect(field->is_repeated() ? *reflection.MutableRepeatedMessage(&message, field, i)
                                       : *reflection.MutableMessage(&message, field));
        } else if (field->type() == FieldDescriptor::TYPE_STRING) {
          names_.push_back(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                : reflection.GetString(message, field));
        }
      }
    }
  }

  void change_list(Message& message, const Reflection& reflection, const FieldDescriptor* field) {
    const int size = reflection.FieldSize(message, field);
    const int one = static_cast<int>(below(static_cast<std::size_t>(size)));
    const int other = static_cast<int>(below(static_cast<std::size_t>(size)));
    reflection.SwapElements(&message, field, one, other);
    if (below(2) == 0) {
      reflection.RemoveLast(&message, field);
    } else if (field->message_type() != nullptr) {
      Message* const added = reflection.AddMessage(&message, field);
      added->CopyFrom(reflection.GetRepeatedMessage(message, field, one));
    }
  }

  std::int64_t number() {
    constexpr std::array<std::int64_t, 16> kNumbers = {
        0, 1, 2, 3, 4, 5, 7, 8, -1, -2, 255, 65'536, INT32_MAX, INT64_MAX, INT64_MIN, 1LL << 40};
    return kNumbers[below(kNumbers.size())];
  }

  std::string text() {
    const auto operators = onnx_import::supported_operators();
    return below(3) == 0 ? std::string(operators[below(operators.size())])
                         : names_[below(names_.size())];
  }

  void change_value(Message& message, const Reflection& reflection, const FieldDescriptor* field) {
    const bool list = field->is_repeated();
    const int i = list ? static_cast<int>(
                             below(static_cast<std::size_t>(reflection.FieldSize(message, field))))
                       : 0;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT64:
        list ? reflection.SetRepeatedInt64(&message, field, i, number())
             : reflection.SetInt64(&message, field, number());
        break;
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto value = static_cast<std::int32_t>(number());
        list ? reflection.SetRepeatedInt32(&message, field, i, value)
             : reflection.SetInt32(&message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_FLOAT: {
        const float value = below(2) == 0 ? 0.5F : static_cast<float>(number());
        list ? reflection.SetRepeatedFloat(&message, field, i, value)
             : reflection.SetFloat(&message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING:
        if (names_.empty() || field->type() != FieldDescriptor::TYPE_STRING) {
          reflection.ClearField(&message, field);
        } else if (list) {
          reflection.SetRepeatedString(&message, field, i, text());
        } else {
          reflection.SetString(&message, field, text());
        }
        break;
      default:
        reflection.ClearField(&message, field);
    }
  }

  std::minstd_rand random_;
  std::vector<Field> fields_;
  std::vector<std::string> names_;
};

}  // namespace
}  // namespace systol::test

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  const google::protobuf::LogSilencer silencer;
  onnx::ModelProto model;
  if (seed % 4 == 0 || !model.ParseFromArray(data, static_cast<int>(size))) {
    return LLVMFuzzerMutate(data, size, most);
  }
  systol::test::Mutation(model, seed).apply();
  std::string bytes;
  if (!model.SerializeToString(&bytes) || bytes.size() > most) {
    return LLVMFuzzerMutate(data, size, most);
  }
  bytes.copy(reinterpret_cast<char*>(data), bytes.size());
  return bytes.size();
}
