// Errors, views and models of talkface.hpp; include that.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "talkface/talkface.h"

#if !defined(__cpp_exceptions) && !defined(__EXCEPTIONS) && !defined(_CPPUNWIND)
#error "talkface.hpp throws: build with exceptions, or call talkface.h, which needs none"
#endif

namespace talkface {
// An inner name of its own: a static library holds internals that are called talkface::Stream too.
inline namespace wrapper {

// A failed call: what() is the library's message, status() its code.
class Error : public std::runtime_error {
 public:
  Error(talkface_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  talkface_status status() const noexcept { return status_; }

 private:
  talkface_status status_;
};

namespace detail {

inline void check(talkface_status status, const talkface_error& error) {
  if (status < 0) throw Error(status, error.message);
}

inline void check(talkface_status status, const char* what) {
  if (status < 0) {
    throw Error(status, std::string(what) + ": " + talkface_status_name(status));
  }
}

}  // namespace detail

// A view of contiguous values; made from any container with data() and size().
template <typename T>
class span {
 public:
  span() = default;
  span(const T* data, std::size_t size) : data_(data), size_(size) {}
  template <typename Container, typename = std::enable_if_t<std::is_convertible_v<
                                    decltype(std::declval<const Container&>().data()), const T*>>>
  span(const Container& values) : data_(values.data()), size_(values.size()) {}

  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

struct ModelOptions {
  talkface_provider provider = TALKFACE_PROVIDER_CPU;
  int device = 0;
  int threads = 1;
  std::string onnxruntime_path;  // empty: see talkface_model_options
  void* cuda_stream = nullptr;
  std::string cache_folder;  // of TensorRT's engines
  bool cuda_graph = false;
  std::function<void(talkface_log_level, const char*)> log;
};

// An opened bundle. Copies share it.
class Model {
 public:
  explicit Model(const std::string& path, ModelOptions options = {}) {
    open(std::move(options),
         [&](const talkface_model_options& o, talkface_model** out, talkface_error* e) {
           return talkface_model_open(path.c_str(), &o, out, e);
         });
  }

  // Through read callbacks, for packed assets.
  explicit Model(const talkface_reader& reader, ModelOptions options = {}) {
    open(std::move(options),
         [&](const talkface_model_options& o, talkface_model** out, talkface_error* e) {
           return talkface_model_open_with(&reader, &o, out, e);
         });
  }

  const talkface_model* get() const { return handle_.get(); }

  talkface_model_info info() const {
    talkface_model_info info = talkface_model_info_init();
    detail::check(talkface_model_get_info(get(), &info), "model info");
    return info;
  }

  // Channels that the bundle drives.
  std::vector<std::string> channels() const {
    std::vector<std::string> names;
    for (uint32_t i = 0; const char* name = talkface_model_channel(get(), i); ++i) {
      names.emplace_back(name);
    }
    return names;
  }

  // Whose faces the bundle knows; empty when it knows one.
  std::vector<std::string> identities() const {
    std::vector<std::string> names;
    for (uint32_t i = 0; const char* name = talkface_model_identity(get(), i); ++i) {
      names.emplace_back(name);
    }
    return names;
  }

  std::string manifest() const { return talkface_model_manifest(get()); }

 private:
  template <typename Opener>
  void open(ModelOptions options, Opener opener) {
    log_ = std::make_shared<decltype(options.log)>(std::move(options.log));
    talkface_model_options o = talkface_model_options_init();
    o.provider = options.provider;
    o.device = options.device;
    o.threads = options.threads;
    o.onnxruntime_path =
        options.onnxruntime_path.empty() ? nullptr : options.onnxruntime_path.c_str();
    o.cuda_stream = options.cuda_stream;
    o.cache_folder = options.cache_folder.empty() ? nullptr : options.cache_folder.c_str();
    if (options.cuda_graph) o.flags |= TALKFACE_MODEL_CUDA_GRAPH;
    if (*log_) {
      o.log = [](void* user, talkface_log_level level, const char* message) {
        try {
          (*static_cast<std::function<void(talkface_log_level, const char*)>*>(user))(level,
                                                                                      message);
        } catch (...) {
          return;  // a log function must not stop what it reports on
        }
      };
      o.log_user = log_.get();
    }
    talkface_model* model = nullptr;
    talkface_error error = talkface_error_init();
    detail::check(opener(o, &model, &error), error);
    handle_ = std::shared_ptr<talkface_model>(
        model, [log = log_](talkface_model* m) { talkface_model_destroy(m); });
  }

  std::shared_ptr<std::function<void(talkface_log_level, const char*)>> log_;
  std::shared_ptr<talkface_model> handle_;
};

}  // namespace wrapper
}  // namespace talkface
