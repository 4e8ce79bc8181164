// A folder that appears whole or not at all.
#pragma once

#include <deque>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "sim/base/unfinished.h"

namespace systol {

/// An unfinished folder beside the one that it is going to be. Unless it gets its own name, it goes
/// with the object, and so do its files.
class UnfinishedFolder {
 public:
  /// Makes it, empty. Throws as require_new_folder does.
  explicit UnfinishedFolder(const std::filesystem::path& final_path);
  ~UnfinishedFolder();
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  /// Writes a file of these pieces, one after another. Throws EnvironmentError.
  void write(const std::string& name, std::initializer_list<std::string_view> pieces);
  /// Gives the folder its own name. Throws EnvironmentError.
  void finish();

 private:
  /// What a signal and the destructor remove.
  struct Part {
    explicit Part(std::string part_path) : path(std::move(part_path)), entry(path) {}
    std::string path;
    UnfinishedEntry entry;
  };

  std::filesystem::path final_path_;
  std::deque<Part> parts_;  ///< the folder, then its files; their addresses stay
};

/// Throws InputError where there is something else than an empty folder at `path`, and
/// EnvironmentError where no folder can be made there. Leaves everything as it was.
void require_new_folder(const std::filesystem::path& path);

}  // namespace systol
