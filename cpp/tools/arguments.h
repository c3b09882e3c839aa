// The command line as UTF-8 on every system.
#pragma once

#include <string>
#include <vector>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h.
#include <shellapi.h>
#endif

// Windows gives main its arguments in a code page that not every file name fits into.
inline std::vector<std::string> utf8_arguments(int argc, char** argv) {
#if defined(_WIN32)
  static_cast<void>(argc);
  static_cast<void>(argv);
  int count = 0;
  wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &count);
  std::vector<std::string> arguments;
  for (int i = 0; wide != nullptr && i < count; ++i) {
    const int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, nullptr, 0, nullptr, nullptr);
    std::string text(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, text.data(), size, nullptr, nullptr);
    text.resize(static_cast<std::size_t>(size) - 1);  // the terminator
    arguments.push_back(std::move(text));
  }
  LocalFree(wide);
  return arguments;
#else
  return {argv, argv + argc};
#endif
}
