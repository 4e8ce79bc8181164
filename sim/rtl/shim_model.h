// What the shims of both units share: a verilated model with its context, pins that are copied as
// bytes, and the text of a failed assertion.
#pragma once

#include <bit>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "hw/unit/vector_pins.h"
#include "sim/rtl/unit_capture.h"
#include "verilated.h"

// Pins and arrays are copied as bytes.
static_assert(std::endian::native == std::endian::little);

namespace {

// A unit is stepped by one thread at a time, and prints on that thread.
thread_local std::string captured;

}  // namespace

extern "C" int systol_capture_printf(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  captured += text;
  return length;
}

namespace systol::shim {

/// A pin of one value.
template <class Pin, class Value>
void drive_value(Pin& pin, Value value, std::uint32_t bits) {
  const auto all = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  pin = static_cast<Pin>(all & ((std::uint64_t{1} << bits) - 1));
}

/// A packed pin of `bytes` bytes of lanes: lane i is from its bit bits * i on, whatever its C++
/// type.
template <class Pin>
void drive_lanes(Pin& pin, const void* lanes, std::size_t bytes) {
  std::memcpy(&pin, lanes, bytes);
}

template <class Top>
struct Model {
  VerilatedContext context;
  std::unique_ptr<Top> top;
  std::string error;

  explicit Model(std::uint64_t seed) {
    // The runtime finds its context by thread. One thread: the model has no parts to share out, and
    // the pool that the runtime would start otherwise can hang when it is taken down.
    Verilated::threadContextp(&context);
    context.threads(1);
    context.fatalOnError(false);  // a failed assertion is reported, it does not end the process
    context.randReset(seed == 0 ? 0 : 2);
    context.randSeed(static_cast<int>(seed & 0x7fffffffU));
    top = std::make_unique<Top>(&context);
  }
  ~Model() {
    top.reset();
    Verilated::threadContextp(nullptr);
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// The pins are idle by now.
  void reset() {
    top->clk_i = 0;
    top->rst_ni = 1;
    top->eval();
    top->rst_ni = 0;
    edge();
    top->rst_ni = 1;
    top->eval();
    captured.clear();
    context.errorCount(0);
  }

  void edge() {
    top->clk_i = 1;
    top->eval();
    top->clk_i = 0;
    top->eval();
  }

  /// Whether no assertion has failed; `error` says which.
  bool good() {
    if (context.errorCount() == 0) [[likely]] {
      return true;
    }
    take_error();
    return false;
  }

 private:
  /// "... Assertion failed in TOP.x.Name: text" becomes "Name: text".
  void take_error() {
    error = captured.substr(0, captured.find('\n'));
    captured.clear();
    const std::string_view marker = "Assertion failed in ";
    if (const auto at = error.find(marker); at != std::string::npos) {
      error.erase(0, at + marker.size());
      const auto colon = error.find(':');
      if (const auto dot = error.rfind('.', colon); dot != std::string::npos) {
        error.erase(0, dot + 1);
      }
    }
    context.errorCount(0);
    context.gotError(false);
    context.gotFinish(false);
  }
};

}  // namespace systol::shim
