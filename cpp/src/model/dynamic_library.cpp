#include "model/dynamic_library.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace talkface {

#if defined(_WIN32)

namespace {

void anchor() {}

}  // namespace

void* DynamicLibrary::open(const std::string& path, std::string* reason) {
  std::filesystem::path wide;
  try {
    wide = std::filesystem::u8path(path);
  } catch (const std::system_error&) {
    return (*reason = "the path is not UTF-8", nullptr);
  }
  if (!wide.is_absolute()) return (*reason = "the path must be absolute", nullptr);
  // Search for its dependencies in its own folder first, never in the working directory.
  HMODULE module = LoadLibraryExW(
      wide.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  if (module == nullptr) *reason = "Windows error " + std::to_string(GetLastError());
  return module;
}

void* DynamicLibrary::open_system(const std::vector<const char*>& names) {
  for (const char* name : names) {
    HMODULE module = GetModuleHandleA(name);
    if (module == nullptr) module = LoadLibraryExA(name, nullptr, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (module != nullptr) return module;
  }
  return nullptr;
}

std::vector<const char*> DynamicLibrary::cuda_names() {
  return {"cudart64_13.dll", "cudart64_12.dll", "cudart64_110.dll"};
}

bool DynamicLibrary::exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(std::filesystem::u8path(path), error);
}

void* DynamicLibrary::symbol(void* handle, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle), name));
}

void DynamicLibrary::close(void* handle) { FreeLibrary(static_cast<HMODULE>(handle)); }

std::string DynamicLibrary::environment(const char* name) {
  const std::wstring wide(name, name + std::strlen(name));
  std::wstring value(GetEnvironmentVariableW(wide.c_str(), nullptr, 0), L'\0');
  value.resize(
      GetEnvironmentVariableW(wide.c_str(), value.data(), static_cast<DWORD>(value.size())));
  return std::filesystem::path(value).u8string();
}

std::string DynamicLibrary::own_folder() {
  HMODULE module = nullptr;
  const DWORD flags =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (!GetModuleHandleExW(flags, reinterpret_cast<LPCWSTR>(&anchor), &module)) return {};
  std::wstring path(32768, L'\0');
  path.resize(GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size())));
  return std::filesystem::path(path).parent_path().u8string();
}

void DynamicLibrary::pin_self() {
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&anchor), &module);
}

std::vector<const char*> DynamicLibrary::private_names() {
  return {"talkface_onnxruntime.dll", "onnxruntime.dll"};
}

#else

void* DynamicLibrary::open(const std::string& path, std::string* reason) {
  if (path.empty() || path[0] != '/') return (*reason = "the path must be absolute", nullptr);
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* text = dlerror();
    *reason = text != nullptr ? text : "unknown error";
  }
  return handle;
}

void* DynamicLibrary::open_system(const std::vector<const char*>& names) {
  for (const int flags : {RTLD_NOW | RTLD_NOLOAD, RTLD_NOW | RTLD_LOCAL}) {
    for (const char* name : names) {
      void* handle = dlopen(name, flags);
      if (handle != nullptr) return handle;
    }
  }
  return nullptr;
}

std::vector<const char*> DynamicLibrary::cuda_names() {
  return {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"};
}

bool DynamicLibrary::exists(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return true;
#if defined(__ANDROID__)
  // The linker opens libraries inside a package, which the file system does not show.
  if (path.find("!/") == std::string::npos) return false;
  void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
#else
  return false;
#endif
}

void* DynamicLibrary::symbol(void* handle, const char* name) { return dlsym(handle, name); }

void DynamicLibrary::close(void* handle) { dlclose(handle); }

void DynamicLibrary::pin_self() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&DynamicLibrary::pin_self), &info) != 0 &&
      info.dli_fname != nullptr) {
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

std::string DynamicLibrary::environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string DynamicLibrary::own_folder() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&DynamicLibrary::own_folder), &info) == 0 ||
      info.dli_fname == nullptr) {
    return {};
  }
  std::error_code error;
  const auto path = std::filesystem::absolute(info.dli_fname, error);
  return error ? std::string() : path.parent_path().string();
}

std::vector<const char*> DynamicLibrary::private_names() {
#if defined(__APPLE__)
  return {"libtalkface_onnxruntime.dylib", "libonnxruntime.dylib"};
#elif defined(__ANDROID__)
  return {"libtalkface_onnxruntime.so", "libonnxruntime.so"};
#else
  return {"libtalkface_onnxruntime.so", "libonnxruntime.so", "libonnxruntime.so.1"};
#endif
}

#endif

}  // namespace talkface
