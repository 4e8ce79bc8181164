// The results of a sweep, in a SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/report/result_row.h"

struct sqlite3;
struct sqlite3_stmt;

namespace systol {

/// What the results in a file belong to: only the same sweep goes on with them.
struct SweepIdentity {
  std::string plan;         ///< for people: the plan's file
  std::string fingerprint;  ///< of the plan, and of the files that it names
  std::uint64_t seed = 1;
};

/// One row a point. What add() has returned from is there whatever happens to the process; no other
/// process can open the file meanwhile. All errors are InputError, for a file that is no such
/// database, is of another version, another sweep or in use, or EnvironmentError, for what cannot
/// be written.
class ResultDatabase {
 public:
  /// Opens the file, or makes it.
  ResultDatabase(const std::filesystem::path& path, const SweepIdentity& identity);
  /// Leaves one file, without a log beside it.
  ~ResultDatabase();
  ResultDatabase(const ResultDatabase&) = delete;
  ResultDatabase& operator=(const ResultDatabase&) = delete;

  /// By number of the point, up to below `size`: whether it has a row.
  std::vector<bool> finished(std::uint64_t size) const;
  /// Forgets the points that failed.
  void forget_failures();
  /// `row.number` is that of the point, from 1; a point that has a row keeps it. Returns whether it
  /// had none.
  bool add(const ResultRow& row);
  /// All of them or, where something fails, none. `added` is called for each row that was new.
  void add(const std::vector<ResultRow>& rows, const std::function<void(const ResultRow&)>& added);
  /// Into how many shards the sweep is cut; nothing until somebody has said.
  std::optional<std::uint64_t> shards() const;
  void set_shards(std::uint64_t shards);
  /// In the order of their numbers.
  void for_each(const std::function<void(const ResultRow&)>& take) const;
  /// How many rows there are.
  std::uint64_t rows() const;

 private:
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalise>;

  void open();
  void create(const SweepIdentity& identity);
  void check(const SweepIdentity& identity) const;
  void execute(const std::string& sql) const;
  Statement prepare(const std::string& sql) const;
  std::string single(const std::string& sql) const;
  bool step(sqlite3_stmt* statement) const;
  [[noreturn]] void fail(int code) const;

  std::filesystem::path path_;
  sqlite3* database_ = nullptr;
  Statement insert_;
};

}  // namespace systol
