#include "sim/wave/wave_writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <random>

#include "sim/base/error.h"
#include "tests/sim/wave/fst2vcd.h"

namespace systol {
namespace {

template <class Error>
std::string error_of(const std::filesystem::path& path) {
  try {
    make_wave_writer(path)->close();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// Signals of all widths with random values, and a text.
void write_random(WaveWriter& writer, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<WaveWriter::Signal> signals;
  writer.push_scope("top");
  for (unsigned width = 1; width <= 64; ++width) {
    signals.push_back(writer.add_bits("w" + std::to_string(width), width));
  }
  writer.push_scope("inner");
  const WaveWriter::Signal text = writer.add_text("text");
  writer.pop_scope();
  writer.pop_scope();
  for (std::uint64_t time = 1000; time < 3000; time += 10) {
    writer.set_time(Picoseconds(time));
    for (const WaveWriter::Signal signal : signals) {
      if (random() % 2 == 0) {
        writer.set(signal, random());
      }
    }
    writer.set(text, "word " + std::to_string(random() % 3));
  }
  writer.set_time(Picoseconds(3000));
  writer.close();
}

class Formats : public testing::TestWithParam<const char*> {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / (std::string("a") + GetParam());
};
INSTANTIATE_TEST_SUITE_P(All, Formats, testing::Values(".fst", ".vcd"));

TEST(WaveWriter, BothFormatsSayTheSame) {
  const TemporaryFolder folder;
  write_random(*make_wave_writer(folder / "a.fst"), 1);
  write_random(*make_wave_writer(folder / "a.vcd"), 1);
  const Dump fst = read_dump(folder / "a.fst");
  const Dump vcd = read_dump(folder / "a.vcd");
  EXPECT_EQ(fst.signals.size(), 65U);
  EXPECT_EQ(fst.signals, vcd.signals);
  EXPECT_EQ(fst.end, 3000U);
  EXPECT_EQ(vcd.end, 3000U);
}

TEST_P(Formats, ValuesComeBack) {
  const auto writer = make_wave_writer(path_);
  const auto wide = writer->add_bits("wide", 64);
  const auto narrow = writer->add_bits("narrow", 8);
  const auto bit = writer->add_bits("bit", 1);
  writer->set_time(Picoseconds(5));
  writer->set(wide, UINT64_MAX);
  writer->set(narrow, static_cast<std::uint64_t>(std::int64_t{-2}));
  writer->set_time(Picoseconds(7));
  writer->set(bit, std::uint64_t{1});
  writer->close();
  const Dump dump = read_dump(path_);
  EXPECT_EQ(dump.at("wide[63:0]", 5), std::string(64, '1'));
  EXPECT_EQ(dump.at("narrow[7:0]", 5), "11111110");
  EXPECT_EQ(dump.at("bit", 6), "x");
  EXPECT_EQ(dump.at("bit", 7), "1");
}

TEST_P(Formats, TextsComeBackReadable) {
  const auto writer = make_wave_writer(path_);
  const auto text = writer->add_text("text");
  const std::string command = "matmul buffer=0x100 rows=4 wait=load,activate @0,0,16,32";
  writer->set_time(Picoseconds(1));
  writer->set(text, command);
  writer->set_time(Picoseconds(2));
  writer->set(text, "");
  writer->set_time(Picoseconds(3));
  writer->set(text, "idle");
  writer->close();
  const Dump dump = read_dump(path_);
  EXPECT_EQ(dump.at("text", 1), command);
  EXPECT_EQ(dump.at("text", 2), "");
  EXPECT_EQ(dump.at("text", 3), "idle");
}

TEST_P(Formats, OnlyChangesAreWritten) {
  const auto writer = make_wave_writer(path_);
  const auto signal = writer->add_bits("signal", 8);
  for (std::uint64_t time = 1; time < 10; ++time) {
    writer->set_time(Picoseconds(time));
    writer->set(signal, time / 5);
  }
  writer->close();
  EXPECT_EQ(read_dump(path_).signals.at("signal[7:0]"), (Changes{{1, "0"}, {5, "1"}}));
}

TEST_P(Formats, FileAppearsWhenItIsWhole) {
  const auto writer = make_wave_writer(path_);
  writer->add_bits("signal", 8);
  EXPECT_FALSE(std::filesystem::exists(path_));
  writer->close();
  writer->close();
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_EQ(folder_.files(), 1U);
}

TEST_P(Formats, ThroughALinkReplacesTheFileAndKeepsTheLink) {
  std::filesystem::create_directory(folder_ / "there");
  std::ofstream(folder_ / "there/old") << "old";
  std::filesystem::create_symlink("there/old", path_);
  make_wave_writer(path_)->close();
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_NE(std::filesystem::file_size(folder_ / "there/old"), 3U);
}

TEST_P(Formats, CheckingThePathMakesNothing) {
  check_wave_path(path_);
  EXPECT_EQ(folder_.files(), 0U);
  EXPECT_THROW(check_wave_path(folder_ / "none" / path_.filename()), EnvironmentError);
}

TEST_P(Formats, DestructorKeepsWhatWasRecorded) {
  try {
    const auto writer = make_wave_writer(path_);
    const auto signal = writer->add_bits("signal", 8);
    writer->set_time(Picoseconds(1));
    writer->set(signal, std::uint64_t{3});
    throw std::runtime_error("interrupted");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(read_dump(path_).at("signal[7:0]", 1), "11");
}

TEST_P(Formats, AFolderThatIsNotThereIsNamed) {
  const std::filesystem::path path = folder_ / ("none/a" + std::string(GetParam()));
  EXPECT_EQ(error_of<EnvironmentError>(path),
            path.string() + ": cannot write: No such file or directory");
}

TEST_P(Formats, AFolderOfTheSameNameIsNamed) {
  std::filesystem::create_directory(path_);
  EXPECT_EQ(error_of<EnvironmentError>(path_), path_.string() + ": cannot write: Is a directory");
}

TEST_P(Formats, APipeIsNotReplaced) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THROW(check_wave_path(path_), EnvironmentError);
  EXPECT_NE(error_of<EnvironmentError>(path_).find("a regular file is needed"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_fifo(path_));
}

TEST_P(Formats, AFolderWithoutWriteAccessIsNamed) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may write everywhere";
  }
  std::filesystem::permissions(
      folder_.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_EQ(error_of<EnvironmentError>(path_),
            path_.string() + ": cannot write: Permission denied");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
}

/// No file of this process grows beyond a size: writes fail as on a full disk. The size leaves room
/// for what the FST library keeps in memory files.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit low{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit limit_{};
  void (*handler_)(int);
};

TEST_P(Formats, FullDiskIsAnErrorAndLeavesNoFile) {
  for (const rlim_t bytes : {5'000U, 10'000U, 20'000U}) {
    std::string message;
    {
      const FullDisk full(bytes);
      try {
        write_random(*make_wave_writer(path_), 1);
      } catch (const EnvironmentError& error) {
        message = error.what();
      }
    }
    EXPECT_EQ(message, path_.string() + ": cannot write: File too large") << bytes << " bytes";
    EXPECT_EQ(folder_.files(), 0U);
  }
}

TEST(WaveWriter, OtherExtensionsAreTheUsersError) {
  EXPECT_EQ(error_of<InputError>("a.txt"), "the waveform 'a.txt' must be named .fst or .vcd");
}

}  // namespace
}  // namespace systol
