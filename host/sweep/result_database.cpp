#include "host/sweep/result_database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "host/report/version.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// "syst", so that `file` and others tell whose it is.
constexpr int kApplication = 0x73797374;
constexpr int kSchema = 1;
constexpr std::string_view kKept = "; points that are finished are kept";

/// Columns in front of the metrics, and after them.
constexpr std::string_view kFront =
    "model TEXT, array TEXT, settings TEXT, rows INTEGER, columns INTEGER, dataflow TEXT, "
    "engine TEXT, batch INTEGER, samples INTEGER, workload INTEGER";
constexpr std::string_view kBack =
    "checked TEXT, status TEXT, error TEXT, seed INTEGER, version TEXT";
constexpr int kFrontColumns = 10;

std::string metric_columns() {
  std::string text;
  for (const Metric& metric : metrics()) {
    text += fmt::format("{} REAL, ", metric.key);
  }
  return text;
}

/// One line each: a value has none.
std::string joined(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += (text.empty() ? "" : "\n") + text_of(setting);
  }
  return text;
}

std::vector<Setting> settings_of(std::string_view text) {
  std::vector<Setting> settings;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t equals = line.find('=');
    settings.push_back({std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return settings;
}

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void bind_number(sqlite3_stmt* statement, int place, std::uint64_t number) {
  sqlite3_bind_int64(statement, place, static_cast<sqlite3_int64>(number));
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const unsigned char* text = sqlite3_column_text(statement, column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

std::uint64_t number_at(sqlite3_stmt* statement, int column) {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement, column));
}

ResultRow row_at(sqlite3_stmt* statement) {
  ResultRow row;
  row.number = number_at(statement, 0);
  row.model = text_at(statement, 1);
  row.array = text_at(statement, 2);
  row.settings = settings_of(text_at(statement, 3));
  row.rows = static_cast<std::uint32_t>(number_at(statement, 4));
  row.columns = static_cast<std::uint32_t>(number_at(statement, 5));
  row.dataflow = text_at(statement, 6);
  row.engine = text_at(statement, 7);
  row.batch = number_at(statement, 8);
  row.samples = number_at(statement, 9);
  row.workload = static_cast<std::size_t>(number_at(statement, 10));
  int column = kFrontColumns + 1;
  for (double& value : row.metrics) {
    value = sqlite3_column_double(statement, column++);
  }
  row.check = text_at(statement, column);
  row.error = text_at(statement, column + 2);
  row.seed = number_at(statement, column + 3);
  return row;
}

}  // namespace

void ResultDatabase::Finalise::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

ResultDatabase::ResultDatabase(const std::filesystem::path& path, const SweepIdentity& identity)
    : path_(path) {
  try {
    open();
    if (single("PRAGMA application_id") == "0" && single("PRAGMA schema_version") == "0") {
      create(identity);
    }
    check(identity);
    std::string places(kFrontColumns + kMetrics + 5, '?');
    for (std::size_t i = places.size(); i-- > 1;) {
      places.insert(i, ",");
    }
    insert_ = prepare(fmt::format("INSERT OR IGNORE INTO point VALUES (?,{})", places));
  } catch (...) {
    insert_.reset();
    sqlite3_close(database_);
    throw;
  }
}

ResultDatabase::~ResultDatabase() {
  insert_.reset();
  // What fails here leaves a log beside the file, which the next one who opens it takes in.
  sqlite3_exec(database_, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  sqlite3_close(database_);
}

/// Nobody else reads or writes while it is open; a log takes what is added, so that a killed
/// process leaves it whole.
void ResultDatabase::open() {
  const int code = sqlite3_open_v2(path_.c_str(), &database_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
  execute("PRAGMA locking_mode=EXCLUSIVE");
  execute("BEGIN EXCLUSIVE; COMMIT");
}

void ResultDatabase::create(const SweepIdentity& identity) {
  execute(
      fmt::format("BEGIN; CREATE TABLE sweep (key TEXT PRIMARY KEY, value TEXT);"
                  "CREATE TABLE point (number INTEGER PRIMARY KEY, {}, {}{});",
                  kFront, metric_columns(), kBack));
  for (const auto& [key, value] : {std::pair{"plan", identity.plan},
                                   {"fingerprint", identity.fingerprint},
                                   {"seed", std::to_string(identity.seed)},
                                   {"version", std::string(kVersion)}}) {
    const Statement insert = prepare("INSERT INTO sweep VALUES (?,?)");
    bind_text(insert.get(), 1, key);
    bind_text(insert.get(), 2, value);
    step(insert.get());
  }
  execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}; COMMIT", kApplication,
                      kSchema));
}

void ResultDatabase::check(const SweepIdentity& identity) const {
  if (single("PRAGMA application_id") != std::to_string(kApplication)) {
    throw InputError(fmt::format("{}: a database, but not of a sweep's results", path_.string()));
  }
  if (single("PRAGMA user_version") != std::to_string(kSchema)) {
    throw InputError(
        fmt::format("{}: results in form {}, allowed: form {}, which this program "
                    "writes",
                    path_.string(), single("PRAGMA user_version"), kSchema));
  }
  const std::string version = single("SELECT value FROM sweep WHERE key='version'");
  if (version != kVersion) {
    throw InputError(
        fmt::format("{}: results of systol {}, allowed: those of systol {}, so that "
                    "all rows are of one program",
                    path_.string(), version, kVersion));
  }
  if (single("SELECT value FROM sweep WHERE key='fingerprint'") != identity.fingerprint) {
    throw InputError(fmt::format(
        "{}: results of another sweep ({}), or of this one before its plan or a file that it "
        "names was changed; allowed: a new file, or results of the same",
        path_.string(), single("SELECT value FROM sweep WHERE key='plan'")));
  }
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
}

std::vector<bool> ResultDatabase::finished(std::uint64_t size) const {
  std::vector<bool> finished(size, false);
  const Statement select = prepare("SELECT number FROM point");
  while (step(select.get())) {
    const std::uint64_t number = number_at(select.get(), 0);
    if (number >= 1 && number <= size) {
      finished[number - 1] = true;
    }
  }
  return finished;
}

void ResultDatabase::forget_failures() { execute("DELETE FROM point WHERE status='failed'"); }

bool ResultDatabase::add(const ResultRow& row) {
  sqlite3_stmt* insert = insert_.get();
  bind_number(insert, 1, row.number);
  bind_text(insert, 2, row.model);
  bind_text(insert, 3, row.array);
  bind_text(insert, 4, joined(row.settings));
  bind_number(insert, 5, row.rows);
  bind_number(insert, 6, row.columns);
  bind_text(insert, 7, row.dataflow);
  bind_text(insert, 8, row.engine);
  bind_number(insert, 9, row.batch);
  bind_number(insert, 10, row.samples);
  bind_number(insert, 11, row.workload);
  int place = kFrontColumns + 2;
  for (const double value : row.metrics) {
    row.failed() ? sqlite3_bind_null(insert, place) : sqlite3_bind_double(insert, place, value);
    ++place;
  }
  bind_text(insert, place, row.check);
  bind_text(insert, place + 1, row.failed() ? "failed" : "done");
  bind_text(insert, place + 2, row.error);
  bind_number(insert, place + 3, row.seed);
  bind_text(insert, place + 4, kVersion);
  step(insert);
  sqlite3_reset(insert);
  return sqlite3_changes(database_) == 1;
}

void ResultDatabase::add(const std::vector<ResultRow>& rows,
                         const std::function<void(const ResultRow&)>& added) {
  std::vector<const ResultRow*> fresh;
  execute("BEGIN");
  try {
    for (const ResultRow& row : rows) {
      if (add(row)) {
        fresh.push_back(&row);
      }
    }
    execute("COMMIT");
  } catch (...) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  for (const ResultRow* row : fresh) {
    added(*row);
  }
}

std::optional<std::uint64_t> ResultDatabase::shards() const {
  const Statement select = prepare("SELECT CAST(value AS INTEGER) FROM sweep WHERE key='shards'");
  return step(select.get()) ? std::optional(number_at(select.get(), 0)) : std::nullopt;
}

void ResultDatabase::set_shards(std::uint64_t shards) {
  execute(fmt::format("INSERT OR REPLACE INTO sweep VALUES ('shards', '{}')", shards));
}

void ResultDatabase::for_each(const std::function<void(const ResultRow&)>& take) const {
  const Statement select = prepare("SELECT * FROM point ORDER BY number");
  while (step(select.get())) {
    take(row_at(select.get()));
  }
}

std::uint64_t ResultDatabase::rows() const {
  return std::stoull(single("SELECT count(*) FROM point"));
}

void ResultDatabase::execute(const std::string& sql) const {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
}

ResultDatabase::Statement ResultDatabase::prepare(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
  return Statement(statement);
}

std::string ResultDatabase::single(const std::string& sql) const {
  const Statement select = prepare(sql);
  return step(select.get()) ? text_at(select.get(), 0) : "";
}

/// Whether there is a row.
bool ResultDatabase::step(sqlite3_stmt* statement) const {
  const int code = sqlite3_step(statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    sqlite3_reset(statement);
    fail(code);
  }
  return code == SQLITE_ROW;
}

void ResultDatabase::fail(int code) const {
  const std::string path = path_.string();
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw InputError(fmt::format("{}: in use by another process", path));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw InputError(fmt::format("{}: not a SQLite database, or a broken one", path));
    case SQLITE_FULL:
      throw EnvironmentError(
          fmt::format("{}: cannot write: {}{}", path, std::strerror(ENOSPC), kKept));
    default: {
      const int error = database_ == nullptr ? 0 : sqlite3_system_errno(database_);
      throw EnvironmentError(fmt::format("{}: cannot write: {}{}", path,
                                         error != 0 ? std::strerror(error) : sqlite3_errstr(code),
                                         kKept));
    }
  }
}

}  // namespace systol
