#include "tests/system/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iterator>

#include "tests/file_text.h"

namespace systol::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// The environment of this process, without what would change the program's ways.
std::vector<std::string> base_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.rfind("SYSTOL_", 0) != 0 && text.rfind("SYSTEMC_", 0) != 0) {
      all.push_back(text);
    }
  }
  all.emplace_back("SYSTOL_CACHE=" SYSTOL_TEST_CACHE);
  return all;
}

[[noreturn]] void become(const std::filesystem::path& folder, char** arguments, char** environment,
                         const char* out, const char* err, std::uint64_t largest_file) {
  const auto redirect = [](const char* path, int to) {
    return ::dup2(::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), to) == to;
  };
  const int nothing = ::open("/dev/null", O_RDONLY);
  const bool ready = ::dup2(nothing, STDIN_FILENO) == STDIN_FILENO &&
                     redirect(out, STDOUT_FILENO) && redirect(err, STDERR_FILENO) &&
                     ::chdir(folder.c_str()) == 0;
  if (largest_file != 0) {
    const rlimit limit{largest_file, largest_file};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (ready) {
    ::execve(SYSTOL_PROGRAM, arguments, environment);
  }
  ::_exit(127);
}

}  // namespace

Ended ProgramTest::systol(const std::vector<std::string>& arguments, const Setting& setting) const {
  const TempFiles streams;
  const std::string out =
      setting.stdout_to.empty() ? streams.path("out").string() : setting.stdout_to;
  const std::string err = streams.path("err");
  std::vector<std::string> words{"systol"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = base_environment();
  for (const std::string& entry : setting.environment) {
    const std::string name = entry.substr(0, entry.find('=') + 1);
    std::erase_if(environment, [&](const std::string& old) { return old.rfind(name, 0) == 0; });
    environment.push_back(entry);
  }
  std::vector<char*> word_pointers = pointers(words);
  std::vector<char*> environment_pointers = pointers(environment);
  const pid_t child = ::fork();
  if (child == 0) {
    become(folder_.path(""), word_pointers.data(), environment_pointers.data(), out.c_str(),
           err.c_str(), setting.largest_file);
  }
  for (int tries = 0; setting.signal != 0 && tries < 60'000; ++tries) {
    const std::vector<std::string> names = files();
    const std::string& awaited = setting.signal_when_there_is;
    if (std::ranges::any_of(names, [&](const std::string& name) {
          return awaited.ends_with('.') ? name.starts_with(awaited) : name == awaited;
        })) {
      ::kill(child, setting.signal);
      break;
    }
    ::usleep(1'000);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
          setting.stdout_to.empty() ? text_of(out) : "", text_of(err)};
}

std::vector<std::string> ProgramTest::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path(""))) {
    if (!entry.is_directory()) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ProgramTest::content(const std::string& name) const {
  EXPECT_TRUE(std::filesystem::exists(folder_.path(name))) << name;
  return text_of(folder_.path(name));
}

void ProgramTest::write_array(const std::string& name, const std::string& more) const {
  folder_.write(name,
                "name: small\n"
                "clock: 1 GHz\n"
                "array: {rows: 3, columns: 5}\n"
                "accumulators: {rows: 7}\n"
                "unified_buffer: {capacity: 8 KiB}\n"
                "memory:\n"
                "  dram: {holds: [weights, activations], bandwidth: unlimited, latency: 0 ns, "
                "energy: lpddr4}\n"
                "energy: " +
                    config("energy/45nm.yaml") + "\n" + more);
}

void ProgramTest::write_workload(const std::string& name) const {
  folder_.write(name,
                "name: net\n"
                "input: {shape: [7], range: [-1, 1]}\n"
                "seed: 3\n"
                "layers:\n"
                "  - dense: {units: 11, activation: leaky_relu}\n"
                "  - dense: {units: 4, activation: softmax}\n");
}

nlohmann::json without_estimates(nlohmann::json report) {
  for (const char* key : {"energy_per_inference_pj", "power_w", "tops_per_watt"}) {
    report.erase(key);
  }
  const auto erase = [](nlohmann::json& part) {
    part.erase("sum_toggles");
    for (const char* key : {"pe", "pe_wires", "regulators", "total"}) {
      part["energy_pj"].erase(key);
    }
  };
  erase(report);
  for (nlohmann::json& node : report["nodes"]) {
    erase(node);
  }
  return report;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace systol::test
