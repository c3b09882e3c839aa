// Push, push_phones, push_emotion, set_emotion, flush, sample, read and the queries neither
// allocate nor lock: malloc and the mutex functions are replaced here and count while a flag is up.
// A crowd's tick allocates nothing but what ONNX Runtime does in a run, however many streams run.
#include <dlfcn.h>
#include <pthread.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../cpp/harness.h"
#include "talkface/crowd.hpp"

namespace {

thread_local bool watching = false;
thread_local int allocations = 0;
thread_local int locks = 0;
thread_local int writes = 0;

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* pointer, std::size_t size);
void __libc_free(void* pointer);

void* malloc(std::size_t size) {
  if (watching) ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  if (watching) ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* pointer, std::size_t size) {
  if (watching) ++allocations;
  return __libc_realloc(pointer, size);
}
void free(void* pointer) {
  if (watching) ++allocations;
  __libc_free(pointer);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
  if (watching) ++locks;
  static const auto real = next<int (*)(pthread_mutex_t*)>("pthread_mutex_lock");
  return real(mutex);
}

ssize_t write(int file, const void* data, std::size_t count) {
  if (watching) ++writes;
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  return real(file, data, count);
}

}  // extern "C"

namespace {

int failures = 0;

template <typename Body>
void expect_quiet(const char* what, Body body) {
  allocations = locks = writes = 0;
  watching = true;
  body();
  watching = false;
  if (allocations + locks + writes == 0) return;
  std::fprintf(stderr, "%s: %d allocations, %d locks, %d writes\n", what, allocations, locks,
               writes);
  ++failures;
}

// The counters must be able to count at all.
bool counters_work() {
  allocations = locks = 0;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  watching = true;
  void* volatile pointer = malloc(10);
  free(pointer);
  std::vector<int>* volatile values = new std::vector<int>(100);
  delete values;
  pthread_mutex_lock(&mutex);
  watching = false;
  pthread_mutex_unlock(&mutex);
  return allocations >= 4 && locks == 1;
}

void run(const char* bundle) {
  const talkface::TalkFace face(bundle);
  for (const std::uint32_t rate : {16000u, 44100u, 48000u}) {
    talkface::StreamOptions options;
    options.sample_rate = rate;
    options.channels = 2;
    options.frame_rate = {60, 1};
    options.sampling = true;
    talkface::Stream stream = face.stream(options);
    talkface_stream* handle = stream.get();
    std::vector<float> floats(2 * rate / 50, 0.1f);
    std::vector<std::int16_t> shorts(2 * rate / 50, 1000);
    std::vector<talkface::Pose> poses(400, talkface_pose_init());
    talkface::Pose pose = talkface_pose_init();
    const std::vector<talkface::Phone> phones(30, talkface::phone(100, 2000, "AA"));
    const float happy[TALKFACE_EMOTION_COUNT] = {0.0f, 1.0f};
    const float much[TALKFACE_EMOTION_COUNT] = {0.0f, 1.0f, 1.0f};
    const std::vector<talkface::EmotionKey> keys(30, talkface::emotion_key(100, happy));
    const talkface::EmotionKey wrong_key = talkface::emotion_key(-1, happy);
    const talkface::Phone wrong = talkface::phone(100, 2000, "XYZ");
    talkface_error error = talkface_error_init();
    talkface_stream_stats stats = talkface_stream_stats_init();
    std::uint64_t count = 0;
    for (int tick = 0; tick < 150; ++tick) {
      expect_quiet("push", [&] {
        talkface_stream_push_f32(handle, floats.data(), floats.size() / 2, &count);
        talkface_stream_push_s16(handle, shorts.data(), shorts.size() / 2, &count);
      });
      // Also a symbol that is refused with a reason, and, while nobody processes, a full queue.
      expect_quiet("push_phones", [&] {
        talkface_stream_push_phones(handle, phones.data(), phones.size(), &count, &error);
        talkface_stream_push_phones(handle, &wrong, 1, &count, &error);
      });
      expect_quiet("push_emotion", [&] {
        talkface_stream_push_emotion(handle, keys.data(), keys.size(), &count);
        talkface_stream_push_emotion(handle, &wrong_key, 1, &count);
        talkface_stream_set_emotion(handle, happy, 0.5f);
        talkface_stream_set_emotion(handle, much, 0.5f);
      });
      stream.process();
      expect_quiet("sample", [&] {
        talkface_stream_sample(handle, tick * 100, &pose);
        talkface_stream_sample(handle, INT64_C(1) << 40, &pose);
        talkface_stream_sample(handle, TALKFACE_NEWEST, &pose);
      });
      expect_quiet("read",
                   [&] { talkface_stream_read(handle, poses.data(), poses.size(), &count); });
      expect_quiet("queries", [&] {
        talkface_stream_frames_ready(handle);
        talkface_stream_latency(handle);
        talkface_stream_next_sample(handle);
        talkface_stream_samples_needed(handle);
        talkface_stream_state_size(handle);
        talkface_stream_get_stats(handle, &stats);
        talkface_stream_set_knob(handle, "lower_strength", 1.0f);
        float value = 0.0f;
        talkface_stream_get_knob(handle, "lower_strength", &value);
        talkface_knob knob{};
        knob.struct_size = sizeof(knob);
        talkface_knob_get(0, &knob);
        talkface_model_info info = talkface_model_info_init();
        talkface_model_get_info(face.model().get(), &info);
        talkface_model_channel(face.model().get(), 0);
        talkface_model_identity(face.model().get(), 0);
        talkface_channel_index("tongueOut");
      });
      if (tick % 40 == 39) expect_quiet("flush", [&] { talkface_stream_flush(handle); });
      if (tick % 60 == 59)
        expect_quiet("interrupt", [&] { talkface_stream_interrupt(handle, 50); });
      if (tick % 70 == 69) expect_quiet("reset", [&] { talkface_stream_reset(handle); });
    }
    // A full ring refuses as quietly as it takes.
    std::vector<float> audio(4 * rate, 0.0f);
    expect_quiet("full phones", [&] {
      for (int i = 0; i < 40; ++i) {
        talkface_stream_push_phones(handle, phones.data(), phones.size(), &count, &error);
      }
    });
    if (count != 0) ++failures;
    expect_quiet("full keys", [&] {
      for (int i = 0; i < 40; ++i) {
        talkface_stream_push_emotion(handle, keys.data(), keys.size(), &count);
      }
    });
    if (count != 0) ++failures;
    expect_quiet("full push",
                 [&] { talkface_stream_push_f32(handle, audio.data(), audio.size() / 2, &count); });
  }
}

// Allocations of one tick in which `ready` streams of a warm crowd run.
int allocations_of_tick(talkface::Crowd* crowd, std::vector<talkface::Stream>* streams,
                        std::size_t ready) {
  const std::vector<float> hop(640, 0.1f);
  for (std::size_t i = 0; i < ready; ++i) (*streams)[i].push(hop.data(), hop.size());
  const std::uint64_t before = crowd->stats().steps;
  allocations = 0;
  watching = true;
  talkface_crowd_process(crowd->get(), 0, nullptr, nullptr);
  watching = false;
  const std::uint64_t per_stream = 640 / 320;  // hops of the tiny bundles
  if (crowd->stats().steps - before != per_stream * ready) ++failures;
  return allocations;
}

void run_crowd(const char* bundle) {
  talkface::Crowd crowd{talkface::Model(bundle)};
  talkface::StreamOptions options = talkface::member_options();
  options.sampling = true;
  std::vector<talkface::Stream> streams;
  for (int i = 0; i < 8; ++i) streams.push_back(crowd.join(options));
  const std::vector<float> audio(3200, 0.1f);
  for (talkface::Stream& stream : streams) stream.push(audio.data(), audio.size());
  crowd.process();
  const int idle = allocations_of_tick(&crowd, &streams, 0);
  const int two = allocations_of_tick(&crowd, &streams, 2);
  const int eight = allocations_of_tick(&crowd, &streams, 8);
  if (idle == 0 && two == eight) return;
  std::fprintf(stderr, "a crowd's tick allocates %d times idle, %d for 2 streams, %d for 8\n", idle,
               two, eight);
  ++failures;
}

}  // namespace

int main(int argc, char** argv) {
  if (!counters_work()) {
    std::fprintf(stderr, "the counters do not count\n");
    return 1;
  }
  return with_bundle(argc, argv, [](const char* bundle) {
    run(bundle);
    run_crowd(bundle);
    return failures;
  });
}
