/* Takes the place of stdio in the FST library, which ignores failed writes: remembers the first
   error. The library is compiled with this file as its configuration. */
#ifndef SYSTOL_SIM_WAVE_FST_STDIO_H_
#define SYSTOL_SIM_WAVE_FST_STDIO_H_

#ifdef __cplusplus
extern "C" {
#endif

/* The errno of this thread's first failed call since the last take, or 0. */
int systol_fst_take_error(void);

#ifdef __cplusplus
}
#endif

#ifdef FST_CONFIG_INCLUDE

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fst_config.h"

size_t systol_fst_fwrite(const void* data, size_t size, size_t count, FILE* file);
int systol_fst_fputc(int character, FILE* file);
int systol_fst_fflush(FILE* file);
int systol_fst_fseeko(FILE* file, off_t offset, int whence);
int systol_fst_ftruncate(int file, off_t length);
int systol_fst_fclose(FILE* file);
/* The library maps its temporary files, and a mapping of a file that a full disk cut short kills
   the process: so tmpfile() and its ".hier" file beside the waveform are files in memory. Those
   have the limit on file sizes, too: what is not there is mapped as memory without a file. */
FILE* systol_fst_tmpfile(void);
FILE* systol_fst_fopen(const char* name, const char* mode);
void* systol_fst_mmap(void* address, size_t length, int protection, int flags, int file,
                      off_t offset);

#define fwrite systol_fst_fwrite
#define fputc systol_fst_fputc
#define fflush systol_fst_fflush
#define fseeko systol_fst_fseeko
#define ftruncate systol_fst_ftruncate
#define fclose systol_fst_fclose
#define tmpfile systol_fst_tmpfile
#define fopen systol_fst_fopen
#define mmap systol_fst_mmap

#endif /* FST_CONFIG_INCLUDE */

#endif /* SYSTOL_SIM_WAVE_FST_STDIO_H_ */
