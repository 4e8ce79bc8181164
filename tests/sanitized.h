// Whether the tests run under sanitizers, which make a random case many times as slow and look at
// memory, of which fewer cases show the same.
#pragma once

namespace systol::test {

#ifdef SYSTOL_SANITIZE
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

}  // namespace systol::test
