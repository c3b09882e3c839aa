// The code for devices, without one: a session on the CPU whose tensors lie in a "device memory",
// and the CUDA runtime's functions from a stand-in.
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness.h"
#include "model/batch_runner.h"
#include "model/bundle.h"
#include "model/device_memory.h"
#include "model/dynamic_library.h"
#include "model/ort_session.h"
#include "model/providers.h"
#include "model/step_runner.h"

namespace {

using namespace talkface;

int failures = 0;

void check(bool good, const char* text, int line) {
  if (good) return;
  std::fprintf(stderr, "device_test.cpp:%d: %s failed\n", line, text);
  ++failures;
}
#define CHECK(expression) check((expression), #expression, __LINE__)

// Memory of the host that pretends to be elsewhere. The graph runs on the CPU, which does not wait
// in a queue, so copies are made at once; they are counted.
class PretendedMemory : public DeviceMemory {
 public:
  [[nodiscard]] const char* name() const override { return "Cpu"; }
  [[nodiscard]] int index() const override { return 0; }
  [[nodiscard]] void* queue() const override { return nullptr; }
  Status allocate(std::size_t bytes, void** out) override {
    blocks_.emplace_back(bytes / sizeof(float) + 16, 1e30f);
    *out = blocks_.back().data();
    ++allocated;
    return {};
  }
  void release(void*) override { --allocated; }
  Status to_device(void* destination, const void* source, std::size_t bytes) override {
    std::memcpy(destination, source, bytes);
    up += bytes;
    return {};
  }
  Status to_host(void* destination, const void* source, std::size_t bytes) override {
    std::memcpy(destination, source, bytes);
    down += bytes;
    return {};
  }
  Status synchronize() override { return {}; }
  void pin(void*, std::size_t) override {}
  void unpin(void*) override {}

  int allocated = 0;
  std::size_t up = 0;
  std::size_t down = 0;

 private:
  std::deque<std::vector<float>> blocks_;
};

struct Opened {
  Bundle bundle;
  std::shared_ptr<ort::Library> library;
};

std::shared_ptr<OrtSession> session_of(const Opened& opened, bool free_batch,
                                       std::shared_ptr<DeviceMemory> memory) {
  SessionConfig config;
  config.free_batch = free_batch;
  config.memory = std::move(memory);
  std::shared_ptr<OrtSession> session;
  CHECK(OrtSession::open(opened.bundle, opened.library, config, LogSink(), &session).ok());
  return session;
}

void fill(const StepRow& row, int step) {
  for (std::size_t i = 0; i < row.audio.size; ++i) {
    const int phase = static_cast<int>(i) * 7 + 13 * step;
    row.audio[i] = 0.1f * static_cast<float>(phase % 19 - 9) / 9.0f;
  }
  for (const Span<float> told : {row.emotion, row.identity, row.noise}) {
    for (std::size_t i = 0; i < told.size; ++i) told[i] = i == 0 ? 1.0f : 0.0f;
  }
}

bool same(const StepRow& a, const StepRow& b, std::size_t frames) {
  return std::memcmp(a.weights.data, b.weights.data, frames * a.weights.width * sizeof(float)) == 0;
}

void test_streams(const Opened& opened) {
  const Manifest& m = opened.bundle.manifest;
  const auto memory = std::make_shared<PretendedMemory>();
  std::vector<float> states[2] = {std::vector<float>(m.state_count()),
                                  std::vector<float>(m.state_count())};
  {
    std::unique_ptr<StepRunner> here;
    std::unique_ptr<StepRunner> there;
    CHECK(StepRunner::create(session_of(opened, false, nullptr), m, &here).ok());
    CHECK(StepRunner::create(session_of(opened, false, memory), m, &there).ok());
    const std::vector<float> initial = m.initial_state();
    for (StepRunner* runner : {here.get(), there.get()}) runner->set_state(initial.data());
    std::size_t first_up = 0;
    for (int step = 0; step < 12; ++step) {
      const std::size_t before = memory->up;
      for (StepRunner* runner : {here.get(), there.get()}) {
        fill(runner->row(), step);
        CHECK(runner->run().ok());
        CHECK(runner->finite());
      }
      CHECK(same(here->row(), there->row(), m.frames_per_step));
      if (step == 0) first_up = memory->up - before;
      // The state went there once and stays.
      if (step == 1) {
        CHECK(first_up - (memory->up - before) == m.state_count() * sizeof(float));
      }
      if (step == 6) {
        CHECK(there->get_state(states[0].data()).ok());
        CHECK(there->get_state(states[0].data()).ok());
      }
    }
    CHECK(here->get_state(states[1].data()).ok());
    CHECK(states[0] != states[1]);
    // Saved, and loaded again.
    for (StepRunner* runner : {here.get(), there.get()}) {
      runner->set_state(states[0].data());
      fill(runner->row(), 7);
      CHECK(runner->run().ok());
    }
    CHECK(same(here->row(), there->row(), m.frames_per_step));
    CHECK(here->get_state(states[0].data()).ok() && there->get_state(states[1].data()).ok());
    CHECK(states[0] == states[1]);
  }
  CHECK(memory->allocated == 0);
}

void test_batches(const Opened& opened) {
  const Manifest& m = opened.bundle.manifest;
  const auto memory = std::make_shared<PretendedMemory>();
  std::unique_ptr<BatchRunner> here;
  std::unique_ptr<BatchRunner> there;
  CHECK(BatchRunner::create(session_of(opened, true, nullptr), m, 13, &here).ok());
  CHECK(BatchRunner::create(session_of(opened, true, memory), m, 13, &there).ok());
  CHECK(here->max_rows() == 13);
  std::vector<std::vector<float>> states[2];
  for (auto& side : states) side.assign(13, m.initial_state());
  for (int step = 0; step < 8; ++step) {
    const std::size_t rows = step % 2 == 0 ? 13 : 3;
    int side = 0;
    for (BatchRunner* runner : {here.get(), there.get()}) {
      runner->begin(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        fill(runner->row(row), step + static_cast<int>(row));
        runner->load(row, states[side][row].data());
      }
      CHECK(runner->run().ok());
      for (std::size_t row = 0; row < rows; ++row) {
        CHECK(runner->finite(row));
        runner->store(row, states[side][row].data());
      }
      ++side;
    }
    for (std::size_t row = 0; row < rows; ++row) {
      CHECK(same(here->row(row), there->row(row), m.frames_per_step));
    }
  }
  CHECK(states[0] == states[1]);
  CHECK(states[0][0] != states[0][1]);
}

void test_fallbacks(const Opened& opened) {
  std::string log;
  const LogSink sink(
      [](void* user, int /*level*/, const char* text) {
        static_cast<std::string*>(user)->append(text).append("\n");
      },
      &log);
  SessionConfig config;
  config.provider = Provider::kTensorRt;
  config.cuda_graph = true;
  config.free_batch = true;
  std::shared_ptr<OrtSession> session;
  CHECK(OrtSession::open(opened.bundle, opened.library, config, sink, &session).ok());
  if (session->provider() == Provider::kCpu) {
    CHECK(log.find("TensorRT is not in use") != std::string::npos);
    CHECK(log.find("CUDA is not in use") != std::string::npos);
    CHECK(session->provider_note().find("TensorRT") != std::string::npos);
    CHECK(!session->captures_graphs());
  }
  CHECK(session->batches());
  const std::string shapes = input_shapes(opened.bundle.manifest, session->batch_axes(), 32);
  CHECK(shapes.rfind(opened.bundle.manifest.audio_input + ":32x", 0) == 0);
  CHECK(names_graphs(*opened.library));
}

struct ProviderSettings {  // as in fake_onnxruntime.c
  char device[8], search[16], graph[8], tf32[8], fp16[8];
  void* stream;
};

// What ONNX Runtime has been told at last, though each of its calls forgets what came before.
void test_provider_options(const char* file) {
  const std::string path = DynamicLibrary::own_folder() + "/" + file;
  std::string reason;
  void* fake = DynamicLibrary::open(path, &reason);
  CHECK(fake != nullptr);
  if (fake == nullptr) return;
  const auto* cuda =
      static_cast<const ProviderSettings*>(DynamicLibrary::symbol(fake, "fake_cuda"));
  const auto* trt =
      static_cast<const ProviderSettings*>(DynamicLibrary::symbol(fake, "fake_tensorrt"));
  auto* version = static_cast<const char**>(DynamicLibrary::symbol(fake, "fake_version"));
  auto* knows_tf32 = static_cast<int*>(DynamicLibrary::symbol(fake, "fake_knows_tf32"));
  int queue = 0;
  ProviderPlan plan;
  plan.provider = Provider::kTensorRt;
  plan.device = 1;
  plan.queue = &queue;
  plan.capture = true;
  plan.half = true;
  std::shared_ptr<ort::Library> library;
  CHECK(ort::Library::load(path, &library).ok());
  for (const int known : {1, 0}) {
    *knows_tf32 = known;
    CHECK(append_provider(*library, plan, nullptr).ok());
    for (const ProviderSettings* settings : {cuda, trt}) {
      CHECK(std::string(settings->device) == "1");
      CHECK(settings->stream == &queue);
    }
    CHECK(std::string(cuda->search) == "HEURISTIC");
    CHECK(std::string(cuda->graph) == "1");
    CHECK(std::string(cuda->tf32) == (known != 0 ? "0" : "1"));
    CHECK(std::string(trt->fp16) == "1");
  }
  *version = "1.15.1";
  CHECK(ort::Library::load(path, &library).ok());
  CHECK(!library->at_least(1, 16) && library->at_least(1, 15) && !library->at_least(2, 0));
  CHECK(append_provider(*library, plan, nullptr).message().find("1.16") != std::string::npos);
  plan.queue = nullptr;
  CHECK(append_provider(*library, plan, nullptr).ok());
  CHECK(cuda->stream == nullptr);
}

// `file` lies beside this program.
void test_cuda_runtime(const char* file) {
  std::string reason;
  const std::string library = DynamicLibrary::own_folder() + "/" + file;
  void* fake = DynamicLibrary::open(library, &reason);
  if (fake == nullptr) std::fprintf(stderr, "%s: %s\n", library.c_str(), reason.c_str());
  CHECK(fake != nullptr);
  if (fake == nullptr) return;
  const auto* allocations =
      static_cast<const int*>(DynamicLibrary::symbol(fake, "fake_cudart_allocations"));
  const auto* streams =
      static_cast<const int*>(DynamicLibrary::symbol(fake, "fake_cudart_streams"));
  std::shared_ptr<DeviceMemory> memory;
  const Status none = open_cuda_memory(3, nullptr, &memory);
  CHECK(none.code() == Code::kRuntimeFailed);
  CHECK(none.message().find("device 3") != std::string::npos);
  CHECK(none.message().find("invalid device ordinal") != std::string::npos);
  CHECK(open_cuda_memory(0, nullptr, &memory).ok());
  CHECK(*streams == 1 && memory->queue() != nullptr);
  CHECK(std::string(memory->name()) == "Cuda");
  std::vector<float> values = {1.0f, 2.0f, 3.0f, 4.0f};
  {
    std::unique_ptr<DeviceTwin> twin;
    CHECK(DeviceTwin::create(memory, {values.data(), values.size()}, &twin).ok());
    CHECK(*allocations == 1);
    CHECK(twin->covers(&values[3]) && !twin->covers(values.data() + 4));
    CHECK(twin->upload(values.data(), 4).ok());
    CHECK(memory->synchronize().ok());
    values.assign(4, 0.0f);
    CHECK(twin->download(&values[1], 2).ok());
    CHECK(values[1] == 0.0f);  // not before the host waited
    CHECK(memory->synchronize().ok());
    CHECK(values[0] == 0.0f && values[1] == 2.0f && values[2] == 3.0f && values[3] == 0.0f);
  }
  CHECK(*allocations == 0);
  memory.reset();
  CHECK(*streams == 0);
  int own = 0;
  CHECK(open_cuda_memory(0, &own, &memory).ok());
  CHECK(memory->queue() == &own && *streams == 0);
}

int run(const char* folder) {
  Opened opened;
  FolderSource source{std::string(folder)};
  CHECK(Bundle::open(&source, &opened.bundle).ok());
  CHECK(ort::Library::load("", &opened.library).ok());
  if (failures > 0) return failures;
  test_streams(opened);
  test_batches(opened);
  test_fallbacks(opened);
  test_cuda_runtime(TALKFACE_FAKE_CUDART);
  test_provider_options(TALKFACE_FAKE_ONNXRUNTIME);
  return failures;
}

}  // namespace

int main(int argc, char** argv) { return with_bundle(argc, argv, run); }
