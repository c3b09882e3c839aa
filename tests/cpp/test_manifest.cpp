#include <fstream>
#include <iterator>
#include <string>

#include "check.h"
#include "model/bundle.h"

using namespace talkface;

namespace {

std::string good() {
  return R"({"schema": 1, "name": "x", "version": "1", "licence": "none", "sample_rate": 16000,
    "hop": 320, "look_ahead": 400, "window": {"offset": -240, "length": 640},
    "frame_rate": {"num": 100, "den": 1}, "frames_per_step": 2, "graph": "model.onnx",
    "inputs": {"audio": "audio"}, "outputs": {"weights": "weights"}, "channels": ["jawOpen"],
    "emotions": [], "identity_size": 0, "style_size": 0,
    "state": [{"input": "a", "output": "b", "shape": [1, 2], "initial": [1, 2]}],
    "tolerance": 0.0001, "files": {"model.onnx": {"sha256": "0", "bytes": 3}}})";
}

// The good manifest with one piece of text replaced.
Status with(const std::string& from, const std::string& to) {
  std::string text = good();
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  Manifest manifest;
  return Manifest::parse(text, &manifest);
}

bool refused(const std::string& from, const std::string& to, const std::string& words) {
  const Status status = with(from, to);
  const bool good = !status.ok() && status.message().find(words) != std::string::npos;
  if (!good) std::fprintf(stderr, "  got: %s\n", status.message().c_str());
  return good;
}

}  // namespace

TEST(a_good_manifest_is_read) {
  Manifest m;
  CHECK(Manifest::parse(good(), &m).ok());
  CHECK(m.hop == 320 && m.frame_step() == 160 && m.state[0].initial[1] == 2.0f);
  CHECK(m.channel_indices[0] == 17);
}

TEST(a_bad_manifest_is_refused_with_a_reason) {
  CHECK(refused("\"schema\": 1", "\"schema\": 99", "newer"));
  CHECK(refused("\"schema\": 1", "\"schema\": \"one\"", "schema has the wrong type"));
  CHECK(refused("\"hop\": 320", "\"hop\": 321", "frames_per_step must divide"));
  CHECK(refused("\"hop\": 320", "\"hop\": 640", "frame_rate must be"));
  CHECK(refused("\"hop\": 320", "\"hop\": 3.5", "hop is out of range"));
  CHECK(refused("\"hop\": 320,", "", "hop is missing"));
  CHECK(refused("16000", "44100", "sample_rate must be 16000"));
  CHECK(refused("\"offset\": -240", "\"offset\": 0", "must equal look_ahead"));
  CHECK(refused("\"length\": 640", "\"length\": 100", "window.length"));
  CHECK(refused("jawOpen", "jawopen", "not an ARKit blendshape"));
  CHECK(refused("[\"jawOpen\"]", "[\"jawOpen\", \"jawOpen\"]", "twice"));
  CHECK(refused("[\"jawOpen\"]", "[]", "channels is empty"));
  CHECK(refused("[1, 2], \"initial\"", "[1, 3], \"initial\"", "does not fill"));
  CHECK(refused("[1, 2], \"initial\"", "[1, 0], \"initial\"", "positive integers"));
  CHECK(refused("[1, 2], \"initial\"", "[999999, 999999], \"initial\"", "too large"));
  CHECK(refused("\"emotions\": []", "\"emotions\": [\"happy\"]", "fixed list"));
  CHECK(refused("\"style_size\": 0", "\"style_size\": 4", "newer TalkFace"));
  CHECK(refused("\"graph\": \"model.onnx\"", "\"graph\": \"other.onnx\"", "does not list"));
  CHECK(refused("\"files\": {\"model", "\"files\": {\"../model", "plain relative path"));
  CHECK(refused("\"files\": {", "\"files\": [", "JSON"));
}

TEST(a_bundle_is_checked_against_its_hashes) {
  class Source : public FileSource {
   public:
    Status read(const std::string& name, std::uint64_t, std::string* out) override {
      if (name == "manifest.json") {
        *out = good();
      } else {
        *out = "abc";
      }
      return {};
    }
  };
  Source source;
  Bundle bundle;
  CHECK(Bundle::open(&source, &bundle).code() == Code::kHashMismatch);
}
