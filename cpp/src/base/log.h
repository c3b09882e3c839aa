// Where messages go: a host callback, or nowhere. The library never prints.
#pragma once

#include <string>

namespace talkface {

enum class LogLevel { kInfo = 0, kWarning = 1, kError = 2 };

class LogSink {
 public:
  using Function = void (*)(void* user, int level, const char* message);

  LogSink() = default;
  LogSink(Function function, void* user) : function_(function), user_(user) {}

  void operator()(LogLevel level, const std::string& message) const {
    if (function_ != nullptr) function_(user_, static_cast<int>(level), message.c_str());
  }

 private:
  Function function_ = nullptr;
  void* user_ = nullptr;
};

}  // namespace talkface
