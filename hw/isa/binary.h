// The binary form of a program: versioned, little endian, every width explicit, no padding.
//
//   8 bytes  magic "SYSTOLPR"           u32  version, u8 PE type
//   u32      nodes, each: u32 length, that many bytes of name
//   u64      size of each space, in the order of isa::Space
//   u64      segments, each: u8 space, u64 address, u64 length, that many bytes
//   u64      commands, each: u8 opcode, u8 wait, u8 signal, u32 node, row, column, depth, then
//            the operation's fields in the order of fields.h, each as wide as its type; a walk is
//            u64 base, u8 loops, each, the outermost first: u64 count, u64 stride
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hw/isa/command.h"
#include "hw/isa/format_error.h"
#include "hw/isa/reading.h"

namespace systol::isa {

inline constexpr std::string_view kBinaryMagic = "SYSTOLPR";

std::vector<std::uint8_t> to_binary(const Program& program);

/// Throws FormatError for anything but a whole program of this version; never allocates more than
/// a small multiple of the bytes it is given, whatever counts they claim.
Program from_binary(std::span<const std::uint8_t> bytes, std::string_view name,
                    const Reading& reading = {});

/// Whether these bytes start as a binary program does (otherwise they may be a text).
bool is_binary(std::span<const std::uint8_t> bytes);

}  // namespace systol::isa
