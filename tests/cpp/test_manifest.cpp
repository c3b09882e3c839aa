#include <fstream>
#include <iterator>
#include <string>

#include "check.h"
#include "model/bundle.h"
#include "model/onnx_scan.h"

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

// Schema 2 with everything that it adds.
std::string expressive() {
  std::string rest = "[[0, 0]";
  for (int i = 1; i < 8; ++i) rest += ", [0.5, -0.5]";
  std::string text = good();
  const auto put = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  put("\"schema\": 1", "\"schema\": 2");
  put("{\"audio\": \"audio\"}",
      "{\"audio\": \"audio\", \"emotion\": \"e\", \"identity\": \"i\", \"noise\": \"n\"}");
  put("{\"weights\": \"weights\"}",
      "{\"weights\": \"weights\", \"expression\": \"x\", \"head\": \"h\"}");
  put("\"identity_size\": 0",
      "\"identity_size\": 2, \"identities\": [\"ada\", \"ben\"], \"noise_size\": 3, "
      "\"expression_channels\": [\"browInnerUp\", \"jawOpen\"], \"expression_rest\": " +
          rest + "]");
  return text;
}

// The same of a graph that hears the emotion of its expression itself.
std::string undirected() {
  const std::string input = "\"emotion\": \"e\", ";
  std::string text = expressive();
  return text.erase(text.find(input), input.size());
}

// A good manifest with one piece of text replaced.
Status with(const std::string& from, const std::string& to, std::string text) {
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  Manifest manifest;
  return Manifest::parse(text, &manifest);
}

bool refused(const std::string& from, const std::string& to, const std::string& words,
             const std::string& text = good()) {
  const Status status = with(from, to, text);
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
  CHECK(m.precision == "float32");
}

TEST(a_graph_without_names_is_refused) {
  CHECK(refused("{\"audio\": \"audio\"}", "{\"audio\": \"\"}", "must be names"));
  CHECK(refused("{\"weights\": \"weights\"}", "{\"weights\": \"\"}", "must be names"));
}

TEST(a_manifest_says_its_precision) {
  const std::string at = "\"tolerance\": 0.0001";
  for (const char* name : {"float32", "fp16", "int8"}) {
    std::string text = good();
    Manifest m;
    CHECK(Manifest::parse(
              text.insert(text.find(at), "\"precision\": \"" + std::string(name) + "\", "), &m)
              .ok());
    CHECK(m.precision == name);
  }
  CHECK(refused(at, "\"precision\": \"int4\", " + at,
                "precision must be float32, fp16 or int8, not int4"));
  CHECK(refused(at, "\"precision\": 8, " + at, "precision has the wrong type"));
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
  CHECK(refused("\"output\": \"b\"", "\"output\": \"weights\"", "twice"));
  CHECK(refused("\"input\": \"a\"", "\"input\": \"audio\"", "twice"));
  CHECK(refused("\"look_ahead\": 400", "\"look_ahead\": -400", "look_ahead"));
  CHECK(refused("\"emotions\": []", "\"emotions\": [\"neutral\"]", "fixed list"));
  std::string many = "[\"jawOpen\"";
  for (int i = 0; i < 300; ++i) many += ",\"x" + std::to_string(i) + "\"";
  CHECK(refused("[\"jawOpen\"]", many + "]", "too many"));
}

TEST(a_manifest_of_schema_two_is_read) {
  Manifest m;
  CHECK(Manifest::parse(expressive(), &m).ok());
  CHECK(m.emotion_input == "e" && m.identity_input == "i" && m.noise_input == "n");
  CHECK(m.expression_output == "x" && m.head_output == "h" && m.noise_size == 3);
  CHECK(m.identities[1] == "ben" && m.expression_indices[1] == 17);
  CHECK(m.expression_rest.size() == 16 && m.expression_rest[3] == -0.5f);
}

TEST(a_graph_may_hear_the_emotion_of_its_expression_itself) {
  Manifest m;
  CHECK(Manifest::parse(undirected(), &m).ok());
  CHECK(m.emotion_input.empty() && m.expression_output == "x");
}

TEST(schema_one_knows_nothing_of_emotion) {
  CHECK(refused("\"schema\": 2", "\"schema\": 1", "need schema 2", expressive()));
  std::string text = good();
  text.replace(text.find("{\"audio\""), 1, "{\"emotion\": \"e\", ");
  Manifest m;
  CHECK(Manifest::parse(text, &m).ok() && m.emotion_input.empty());
}

TEST(a_bad_manifest_of_schema_two_is_refused_with_a_reason) {
  const auto bad = [](const std::string& from, const std::string& to, const std::string& words) {
    return refused(from, to, words, expressive());
  };
  CHECK(bad("\"expression\": \"x\", ", "", "emotion needs outputs.expression"));
  CHECK(refused("\"expression\": \"x\", ", "", "must come together", undirected()));
  CHECK(bad("\"expression_channels\": [\"browInnerUp\", \"jawOpen\"],",
            "\"expression_channels\": [],", "expression_rest must hold"));
  CHECK(bad("\"browInnerUp\", ", "\"browInner\", ", "not an ARKit blendshape"));
  CHECK(bad("\"browInnerUp\", ", "\"jawOpen\", ", "twice"));
  CHECK(bad("[[0, 0]", "[[0.1, 0]", "neutral's are 0"));
  CHECK(bad("[[0, 0]", "[[0]", "expression_rest must hold"));
  CHECK(bad("[[0, 0], ", "[", "expression_rest must hold"));
  CHECK(bad("[0.5, -0.5]", "[0.5, -1.5]", "expression_rest must hold"));
  CHECK(bad("[0.5, -0.5]", "[0.5, \"x\"]", "expression_rest must hold"));
  CHECK(bad("\"identity_size\": 2", "\"identity_size\": 3", "number of identities"));
  CHECK(bad("\"ben\"", "\"ada\"", "twice"));
  CHECK(bad("\"identity\": \"i\", ", "", "identities must come together"));
  CHECK(bad("\"noise_size\": 3", "\"noise_size\": 0", "noise_size must come together"));
  CHECK(bad("\"noise_size\": 3", "\"noise_size\": 33", "noise_size is out of range"));
  CHECK(bad("\"noise\": \"n\"", "\"noise\": \"audio\"", "twice"));
  CHECK(bad("\"head\": \"h\"", "\"head\": \"weights\"", "twice"));
}

TEST(a_graph_with_external_data_is_refused) {
  // ModelProto{graph: GraphProto{initializer: TensorProto{...}}}
  const auto wrap = [](char field, const std::string& body) {
    return std::string(1, field) + static_cast<char>(body.size()) + body;
  };
  const auto model = [&](const std::string& tensor) { return wrap(0x3a, wrap(0x2a, tensor)); };
  CHECK(refuse_external_data(model(wrap(0x42, "name"))).ok());
  const std::string entry = wrap(0x6a, wrap(0x0a, "location") + wrap(0x12, "secret.bin"));
  const Status by_entry = refuse_external_data(model(entry));
  CHECK(by_entry.message().find("other files") != std::string::npos);
  CHECK(!refuse_external_data(model(std::string("\x70\x01", 2))).ok());
  CHECK(refuse_external_data(model(std::string("\x70\x00", 2))).ok());
  // The same tensor inside a node's attribute: node 1, attribute 5, tensor 5.
  CHECK(!refuse_external_data(wrap(0x3a, wrap(0x0a, wrap(0x2a, wrap(0x2a, entry))))).ok());
  CHECK(!refuse_external_data("not a protobuf message at all").ok());
  CHECK(!refuse_external_data(model(entry).substr(0, 10)).ok());
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
