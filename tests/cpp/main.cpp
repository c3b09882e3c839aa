#include "check.h"

int main() {
  if (check::cases().empty()) {
    std::fputs("no tests were registered\n", stderr);
    return 1;
  }
  for (const check::Case& test : check::cases()) {
    const int before = check::failures();
    test.body();
    std::printf("%s %s\n", check::failures() == before ? "ok  " : "FAIL", test.name);
  }
  std::printf("%zu tests, %d failed checks\n", check::cases().size(), check::failures());
  return check::failures() == 0 ? 0 : 1;
}
