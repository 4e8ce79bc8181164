#include "sim/rtl/cached_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

/// The EnvironmentError of making the folder.
std::string error_of(const fs::path& path) {
  try {
    make_private_folder(path);
  } catch (const EnvironmentError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CachedFile, ItsHashFollowsFromItsContent) {
  const TempFiles files;
  const std::string one = content_hash(files.write("a", "some text"));
  EXPECT_EQ(one.size(), 16U);
  EXPECT_EQ(content_hash(files.write("b", "some text")), one);
  EXPECT_NE(content_hash(files.write("b", "some texu")), one);
  EXPECT_NE(content_hash(files.write("b", "some tex")), one);
  EXPECT_EQ(content_hash(files.path("none")), "");
}

TEST(CachedFile, IsPrivateWhereNobodyElseCanWrite) {
  const TempFiles files;
  const fs::path file = files.write("a", "text");
  for (const auto mode : {fs::perms(0600), fs::perms(0644), fs::perms(0755)}) {
    fs::permissions(file, mode);
    EXPECT_TRUE(is_private(file));
  }
  for (const auto mode : {fs::perms(0620), fs::perms(0602), fs::perms(0777)}) {
    fs::permissions(file, mode);
    EXPECT_FALSE(is_private(file));
  }
  EXPECT_FALSE(is_private(files.path("none")));
}

TEST(CachedFile, OfAnotherUserIsNotPrivate) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  const TempFiles files;
  const fs::path file = files.write("a", "text");
  ASSERT_EQ(::chown(file.c_str(), 1, 1), 0);
  EXPECT_FALSE(is_private(file));
}

TEST(PrivateFolder, IsMadeForItsUserAlone) {
  const TempFiles files;
  const mode_t before = ::umask(0);
  EXPECT_EQ(error_of(files.path("above/cache")), "no error");
  EXPECT_EQ(error_of(files.path("other/")), "no error");
  ::umask(before);
  EXPECT_EQ(fs::status(files.path("above/cache")).permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(files.path("other")).permissions(), fs::perms(0700));
  EXPECT_EQ(error_of(files.path("above/cache")), "no error") << "that is there already";
}

TEST(PrivateFolder, ThatOthersCanWriteToIsRefused) {
  const TempFiles files;
  fs::create_directory(files.path("cache"));
  fs::permissions(files.path("cache"), fs::perms(0777));
  EXPECT_EQ(error_of(files.path("cache")),
            "others than you can write to the cache " + files.path("cache").string() +
                ", and so to the programs in it: set SYSTOL_CACHE to a folder of your own");
}

}  // namespace
}  // namespace systol
