// Marks a loop to be compiled once per instruction set, chosen when the program
// starts.
#pragma once

// Sanitizers do not survive the choice, which runs before they do.
#if defined(__x86_64__) && !defined(SYSTOL_SANITIZE)
#define SYSTOL_PER_PROCESSOR \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SYSTOL_PER_PROCESSOR
#endif
