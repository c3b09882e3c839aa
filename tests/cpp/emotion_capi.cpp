// Emotion, identities and styles through the C ABI.
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "harness.h"
#include "talkface/talkface.hpp"

namespace {

int failures = 0;

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

constexpr float kHappy[TALKFACE_EMOTION_COUNT] = {0.0f, 1.0f};

void ask(const talkface::Model& model) {
  const talkface_model_info info = model.info();
  check(info.expression_count > 0 && info.has_head == 1 && info.schema == 2, "model info");
  check(info.identity_size == 3 && model.identities().size() == 3, "identities");
  check(std::strcmp(talkface_model_identity(model.get(), 0), "ada") == 0, "an identity's name");
  check(talkface_model_identity(model.get(), 3) == nullptr, "no fourth identity");
  check(talkface_model_identity(nullptr, 0) == nullptr, "no model, no identity");
}

void push(talkface_stream* stream) {
  std::uint64_t taken = 99;
  std::vector<talkface_emotion_key> keys(3, talkface::emotion_key(100, kHappy, 0.5f));
  const auto push_all = [&] {
    return talkface_stream_push_emotion(stream, keys.data(), keys.size(), &taken);
  };
  check(push_all() == TALKFACE_OK && taken == 3, "keys are taken");
  check(talkface_stream_push_emotion(stream, nullptr, 0, nullptr) == TALKFACE_OK, "no keys");
  check(talkface_stream_push_emotion(stream, nullptr, 1, nullptr) < 0, "keys is NULL");
  check(talkface_stream_push_emotion(nullptr, keys.data(), 1, nullptr) < 0, "stream is NULL");
  const auto refused = [&](const char* what) {
    check(push_all() == TALKFACE_ERROR_INVALID_ARGUMENT && taken == 0, what);
    keys.assign(3, talkface::emotion_key(100, kHappy, 0.5f));
  };
  keys[0].struct_size = 8;
  refused("a small struct");
  keys[1].sample = 50;
  refused("keys out of order");
  keys[2].sample = -1;
  refused("a key before the beginning");
  keys[1].weight = 1.5f;
  refused("a weight past 1");
  keys[1].mix[2] = std::nanf("");
  refused("a share that is no number");
  keys[1].mix[2] = 0.5f;
  refused("shares past 1");
  for (int i = 0; i < 200; ++i) taken = push_all() == TALKFACE_FULL ? taken : 99;
  check(push_all() == TALKFACE_FULL && taken == 0, "a full queue");
}

void set(talkface_stream* stream) {
  const float much[TALKFACE_EMOTION_COUNT] = {0.0f, 1.0f, 1.0f};
  check(talkface_stream_set_emotion(stream, kHappy, 1.0f) == TALKFACE_OK, "a setting");
  check(talkface_stream_set_emotion(stream, kHappy, 2.0f) < 0, "a setting's weight");
  check(talkface_stream_set_emotion(stream, kHappy, std::nanf("")) < 0, "a weight of nothing");
  check(talkface_stream_set_emotion(stream, much, 1.0f) < 0, "a setting's shares");
  check(talkface_stream_set_emotion(stream, nullptr, 1.0f) < 0, "no mix");
  check(talkface_stream_set_emotion(nullptr, kHappy, 1.0f) < 0, "no stream");
}

void style(talkface::Stream* stream) {
  talkface_error error = talkface_error_init();
  const std::string good = "{\"talkface_style\": 1, \"identities\": {\"ben\": 1}}";
  const auto give = [&](const std::string& text) {
    return talkface_stream_set_style(stream->get(), text.data(), text.size(), &error);
  };
  check(give(good) == TALKFACE_OK, "a style");
  check(give("{}") == TALKFACE_ERROR_INVALID_ARGUMENT, "a bad style");
  check(std::strstr(error.message, "talkface_style") != nullptr, "a reason");
  check(talkface_stream_set_style(stream->get(), nullptr, 5, nullptr) < 0, "no text");
  check(talkface_stream_set_style(nullptr, nullptr, 0, nullptr) < 0, "no stream");
  check(talkface_stream_set_style(stream->get(), nullptr, 0, nullptr) == TALKFACE_OK, "none");
  const std::vector<float> audio(8000, 0.1f);
  stream->push(audio.data(), audio.size());
  stream->process();
  check(give(good) == TALKFACE_ERROR_BAD_STATE, "a style inside an utterance");
  stream->flush();
  stream->process();
  check(give(good) == TALKFACE_OK, "a style after one");
}

}  // namespace

int main(int argc, char** argv) {
  return with_bundle(argc, argv, [](const char* bundle) {
    const talkface::TalkFace face(bundle);
    ask(face.model());
    talkface::Stream stream = face.stream();
    set(stream.get());
    push(stream.get());
    talkface::Stream other = face.stream();
    style(&other);
    talkface::AnimateOptions options;
    options.emotions.push_back(talkface::emotion_key(0, kHappy));
    const std::vector<float> audio(16000, 0.0f);
    const talkface::Clip clip = face.animate(audio, 16000, options);
    const float smile = clip.frames[50].weights[talkface::channel("mouthSmileLeft")];
    check(smile > 0.2f && smile < 0.9f, "a happy face smiles in silence");
    return failures;
  });
}
