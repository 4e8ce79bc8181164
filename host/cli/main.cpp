// The `systol` command: what the process needs, and exit statuses from exceptions. The commands are
// in the library, which reads CLI11's large header once.

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <system_error>

#include "host/cli/command_line.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "hw/isa/format_error.h"
#include "sim/base/error.h"
#include "sim/base/large_pages.h"
#include "sim/base/temporary_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

int fail(int status, const std::string& message) {
  std::fflush(stdout);
  end_progress();
  // A file's text must not reach the terminal's controls. Not fmt::print, which throws where
  // standard error takes no more.
  std::fputs(
      fmt::format("systol: {} {}\n", styled("error:", Style::Red, stderr), printable_lines(message))
          .c_str(),
      stderr);
  return status;
}

bool is_limited(__rlimit_resource resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

/// Puts the heap's next GiB of addresses in large pages; only what is touched takes memory.
void enlarge_pages_of_heap() {
  constexpr int kAddresses = 1 << 30;      // bytes
  constexpr int kGrowth = 1 << 17;         // bytes; glibc's own
  constexpr std::size_t kPiece = 1 << 18;  // bytes; more than the heap has yet
  ::mallopt(M_TOP_PAD, kAddresses);
  void* first = std::malloc(kPiece);  // null where there are not so many addresses
  ::mallopt(M_TOP_PAD, kGrowth);
  auto* const begin = static_cast<std::byte*>(first);
  auto* const end = static_cast<std::byte*>(::sbrk(0));
  if (begin != nullptr && begin < end) {
    ask_for_large_pages(begin, static_cast<std::size_t>(end - begin));
  }
  std::free(first);
}

/// Pieces of memory that are freed are used again, and lie in large pages: the system's first touch
/// of a page often takes longer than all that is done with it.
void prepare_heap() {
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  if (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA)) {
    enlarge_pages_of_heap();
  }
}

}  // namespace
}  // namespace systol

int main(int argc, char* argv[]) {
  systol::prepare_heap();
  // The SystemC library greets on standard output unless told not to.
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  // A limit on file sizes is then a failed write like that on a full disk, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  systol::remove_temporary_files_on_signals();
  using namespace systol;
  try {
    const int status = run_command_line(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return fail(kWrongEnvironment, "standard output cannot be written");
    }
    return status;
  } catch (const HardwareError& error) {
    return fail(kWrongResult, error.what());
  } catch (const InputError& error) {
    return fail(kWrongInput, error.what());
  } catch (const isa::FormatError& error) {
    return fail(kWrongInput, error.what());
  } catch (const EnvironmentError& error) {
    return fail(kWrongEnvironment, error.what());
  } catch (const std::bad_alloc&) {
    return fail(kWrongEnvironment, "not enough memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(kWrongEnvironment, error.what());
  } catch (const std::system_error& error) {  // from fmt::print
    return fail(kWrongEnvironment,
                fmt::format("standard output cannot be written: {}", error.code().message()));
  }
}
