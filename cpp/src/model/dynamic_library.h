// Loading a shared library by full path, on POSIX and Windows. Where a platform loads none
// (consoles), ONNX Runtime is linked in and dynamic_library_none.cpp answers that nothing was
// found.
#pragma once

#include <string>
#include <vector>

namespace talkface {

struct DynamicLibrary {
  // Null on failure, with the system's words in *reason. `path` is UTF-8 and must be absolute.
  static void* open(const std::string& path, std::string* reason);
  // The first of these that is loaded already or that the system finds by its name; it stays
  // loaded.
  static void* open_system(const std::vector<const char*>& names);
  // Names of the CUDA runtime, newest first.
  static std::vector<const char*> cuda_names();
  // Whether a library lies at this full path, inside an Android package (base.apk!/lib) too.
  static bool exists(const std::string& path);
  static void* symbol(void* handle, const char* name);
  static void close(void* handle);
  // Keeps the library that this code lives in loaded until the process ends.
  static void pin_self();
  // An environment variable as UTF-8; empty when there is none.
  static std::string environment(const char* name);
  // Folder of the library that this code lives in, or empty.
  static std::string own_folder();
  // File names under which ONNX Runtime may lie beside us; our private name comes first.
  static std::vector<const char*> private_names();
};

}  // namespace talkface
