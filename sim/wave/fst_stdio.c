#undef FST_CONFIG_INCLUDE /* the functions themselves use the real stdio */
#include "sim/wave/fst_stdio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Thread_local int first_error = 0;

static void check(int failed) {
  if (failed && first_error == 0) {
    first_error = errno != 0 ? errno : EIO;
  }
}

int systol_fst_take_error(void) {
  const int error = first_error;
  first_error = 0;
  return error;
}

size_t systol_fst_fwrite(const void* data, size_t size, size_t count, FILE* file) {
  const size_t written = fwrite(data, size, count, file);
  check(written != count && size != 0);
  return written;
}

int systol_fst_fputc(int character, FILE* file) {
  const int result = fputc(character, file);
  check(result == EOF);
  return result;
}

int systol_fst_fflush(FILE* file) {
  const int result = fflush(file);
  check(result != 0);
  return result;
}

int systol_fst_fseeko(FILE* file, off_t offset, int whence) {
  const int result = fseeko(file, offset, whence);
  check(result != 0);
  return result;
}

int systol_fst_ftruncate(int file, off_t length) {
  const int result = ftruncate(file, length);
  check(result != 0);
  return result;
}

int systol_fst_fclose(FILE* file) {
  const int result = fclose(file);
  check(result != 0);
  return result;
}

FILE* systol_fst_tmpfile(void) {
  const int file = memfd_create("systol_fst", MFD_CLOEXEC);
  FILE* stream = file < 0 ? NULL : fdopen(file, "w+b");
  check(stream == NULL);
  return stream;
}

FILE* systol_fst_fopen(const char* name, const char* mode) {
  static const char kHierarchy[] = ".hier";
  const size_t length = strlen(name);
  const size_t suffix = sizeof kHierarchy - 1;
  if (length > suffix && strcmp(name + length - suffix, kHierarchy) == 0) {
    return systol_fst_tmpfile();
  }
  return fopen(name, mode);
}

void* systol_fst_mmap(void* address, size_t length, int protection, int flags, int file,
                      off_t offset) {
  struct stat status;
  const int whole = fstat(file, &status) == 0 && status.st_size >= offset + (off_t)length;
  if (whole) {
    return mmap(address, length, protection, flags, file, offset);
  }
  errno = EFBIG;
  check(1);
  return mmap(address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
