// The kinds of error a user can cause or meet; anything else is a bug of ours.
#pragma once

#include <stdexcept>
#include <string>

namespace systol {

/// What the user gave is wrong: exit status 2. The message is one sentence that starts with the
/// place ("file:line:column: ") where there is one, and says what was found and what is allowed.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A key that nothing reads, whatever its value. Whoever took the key from another file than the
/// one it is to change can name the place there.
class UnknownKeyError : public InputError {
 public:
  UnknownKeyError(const std::string& place, const std::string& problem)
      : InputError(place + ": " + problem), problem_(problem) {}
  /// The message without its place.
  const std::string& problem() const { return problem_; }

 private:
  std::string problem_;
};

/// What a wave was asked to show is not there. It says which part of the request is wrong, so that
/// whoever took the request from an option or a file can name that.
class WaveRequestError : public InputError {
 public:
  enum class Part { Layer, Tile, Scope };
  WaveRequestError(Part part, const std::string& message) : InputError(message), part_(part) {}
  Part part() const { return part_; }

 private:
  Part part_;
};

/// The simulated hardware refused what was done to it: exit status 1.
class HardwareError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the program stands on is wrong (a missing tool, a full disk): exit status 3.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace systol
