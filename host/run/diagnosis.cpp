#include "host/run/diagnosis.h"

#include "host/run/self_test.h"

namespace systol {

void diagnose(Device& device, const ArrayConfig& config, bool fault_injected, CheckReport& check,
              std::vector<std::string>& notes) {
  const SelfTestResult found = run_self_test(device, config);
  if (fault_injected && check.passed()) {
    check.failures.emplace_back(found.passed()
                                    ? "the injected fault changed no output value, and the array's "
                                      "self-test does not find it either"
                                    : "the injected fault changed no output value; the array's "
                                      "self-test finds it");
  }
  notes.push_back(to_text(found, config));
}

}  // namespace systol
