// A test registry of forty lines: TEST(name) { CHECK(...); }.
#pragma once

#include <cmath>
#include <cstdio>
#include <vector>

namespace check {

struct Case {
  const char* name;
  void (*body)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> list;
  return list;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Register {
  Register(const char* name, void (*body)()) { cases().push_back({name, body}); }
};

inline void that(bool good, const char* text, const char* file, int line) {
  if (good) return;
  std::fprintf(stderr, "%s:%d: CHECK(%s) failed\n", file, line, text);
  ++failures();
}

}  // namespace check

#define TEST(name)                                           \
  static void name();                                        \
  static const check::Register register_##name(#name, name); \
  static void name()
#define CHECK(expression) check::that((expression), #expression, __FILE__, __LINE__)
#define CHECK_NEAR(a, b, tolerance) \
  check::that(std::fabs((a) - (b)) <= (tolerance), #a " near " #b, __FILE__, __LINE__)
