// What the Verilator runtime prints (a failed assertion's text) goes to the unit's error message:
// included before everything else when the runtime is compiled, with VL_PRINTF set to this name.
#pragma once

#ifdef __cplusplus
extern "C"
#endif
    int
    systol_capture_printf(const char* format, ...);
