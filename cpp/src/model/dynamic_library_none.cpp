// For platforms that load no library by its path.
#include "model/dynamic_library.h"

namespace talkface {

void* DynamicLibrary::open(const std::string& /*path*/, std::string* reason) {
  *reason = "this platform loads no libraries";
  return nullptr;
}

void* DynamicLibrary::open_system(const std::vector<const char*>& /*names*/) { return nullptr; }

std::vector<const char*> DynamicLibrary::cuda_names() { return {}; }

bool DynamicLibrary::exists(const std::string& /*path*/) { return false; }

void* DynamicLibrary::symbol(void* /*handle*/, const char* /*name*/) { return nullptr; }

void DynamicLibrary::close(void* /*handle*/) {}

void DynamicLibrary::pin_self() {}

std::string DynamicLibrary::environment(const char* /*name*/) { return {}; }

std::string DynamicLibrary::own_folder() { return {}; }

std::vector<const char*> DynamicLibrary::private_names() { return {}; }

}  // namespace talkface
