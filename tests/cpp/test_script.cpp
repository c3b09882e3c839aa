#include <cstdio>
#include <string>
#include <vector>

#include "anim/postprocess.h"
#include "anim/script.h"
#include "check.h"
#include "plain_face.h"

using namespace talkface;

namespace {

constexpr double kRate = 1000.0;  // samples a second: positions are milliseconds

std::string good() {
  return R"({"channels": ["jawOpen", "mouthClose", "mouthPress", "mouthUpperUp", "mouthLowerDown",
      "mouthRollLower", "mouthRollUpper"],
    "groups": {"open": {"channels": ["jawOpen", "mouthUpperUp", "mouthLowerDown"],
                        "rate_in": 16, "rate_out": 16},
               "lips": {"channels": ["mouthClose", "mouthPress", "mouthRollLower", "mouthRollUpper"],
                        "rate_in": 24, "rate_out": 24}},
    "reference_seconds": 0.09, "hold": [0.2, 0.8], "smoothing_seconds": 0.015,
    "silence_absorb_seconds": 0.09, "diphthong_cut": 0.55,
    "closure": {"stop": [0.08, 0.75], "nasal": [0.05, 0.92], "ramp_seconds": 0.045,
                "min_seconds": 0.03, "jaw_keep": 0.4, "press": 0.36, "roll": 0.12},
    "labiodental": {"roll": 0.22, "ramp_seconds": 0.045, "jaw_cap": 0.12, "span": [0.1, 0.85]},
    "rest": {"min_seconds": 0.18, "close_seconds": 0.08, "open_seconds": 0.09},
    "diphthongs": {"AY": ["AA", "IY"]},
    "phones": {"SIL": {"dominance": {"open": 1.4}, "targets": {}},
               "AA": {"targets": {"jawOpen": 0.5, "mouthLowerDown": 0.3}},
               "AH": {"targets": {"jawOpen": 0.3}}, "IY": {"targets": {"jawOpen": 0.2}},
               "F": {"targets": {"jawOpen": 0.3, "mouthRollLower": 0.2}},
               "M": {"dominance": {"open": 5.0}, "targets": {"jawOpen": 0.07}}},
    "visemes": {"sil": ["SIL"], "aa": ["AA", "AH", "AY"], "I": ["IY"], "FF": ["F"], "PP": ["M"]}})";
}

const ArticulationTable& table() {
  static const ArticulationTable parsed = [] {
    ArticulationTable t;
    CHECK(ArticulationTable::parse(good(), &t).ok());
    return t;
  }();
  return parsed;
}

bool refused(const std::string& from, const std::string& to, const std::string& words) {
  std::string text = good();
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  ArticulationTable t;
  const Status status = ArticulationTable::parse(text, &t);
  const bool good = !status.ok() && status.message().find(words) != std::string::npos;
  if (!good) std::fprintf(stderr, "  got: %s\n", status.message().c_str());
  return good;
}

Phone say(std::int64_t start, std::int64_t end, const char* symbol) {
  const int found = table().find(symbol);
  CHECK(found >= 0);
  return {start, end, static_cast<std::uint64_t>(found)};
}

// A script that holds these phones.
struct Told {
  explicit Told(const std::vector<Phone>& phones) : script(&table(), 100.0, kRate, 2.0, 1024) {
    tell(phones, 0);
  }
  void tell(const std::vector<Phone>& phones, std::int64_t now) {
    for (const Phone& phone : phones) CHECK(queue.push(phone));
    script.admit(&queue, queue.written(), now);
  }
  [[nodiscard]] RulePose at(double seconds) const {
    RulePose pose;
    script.evaluate(seconds, seconds, &pose);
    return pose;
  }
  PhoneQueue queue{512};
  Script script;
};

}  // namespace

TEST(an_articulation_table_is_read) {
  const ArticulationTable& t = table();
  CHECK(t.channels.size() == 10);  // three pairs and four channels
  CHECK(t.find("aa1") == t.find("AA") && t.find("ay") >= 0 && t.find("sil") >= 0);
  CHECK(t.find("UNK") >= 0 && t.find("") < 0 && t.find("ZZ") < 0 && t.find("AA3") < 0);
  CHECK(t.symbols[static_cast<std::size_t>(t.find("UNK"))].viseme == 10);
}

TEST(a_bad_articulation_table_is_refused_with_a_reason) {
  CHECK(refused("{\"channels\"", "[{\"channels\"", "JSON"));
  CHECK(refused("\"jawOpen\", \"mouthClose\"", "\"jawShut\", \"mouthClose\"", "not an ARKit"));
  CHECK(refused("\"mouthPress\", \"mouthUpperUp\", \"mouthLowerDown\",",
                "\"mouthUpperUp\", \"mouthLowerDown\",", "no articulator mouthPress"));
  CHECK(refused("\"mouthUpperUp\", \"mouthLowerDown\"],", "\"mouthUpperUp\"],", "in no group"));
  CHECK(refused("[\"mouthClose\", \"mouthPress\"", "[\"jawOpen\", \"mouthPress\"", "two groups"));
  CHECK(refused("\"rate_in\": 16", "\"rate_in\": -1", "rate_in is out of range"));
  CHECK(refused("\"rate_in\": 16,", "", "rate_in is missing"));
  CHECK(refused("[0.2, 0.8]", "[0.8, 0.2]", "backwards"));
  CHECK(refused("[0.2, 0.8]", "[0.8]", "two numbers"));
  CHECK(refused("\"jawOpen\": 0.5", "\"jawOpen\": 1e9", "AA.jawOpen is out of range"));
  CHECK(refused("{\"open\": 1.4}", "{\"open\": 0}", "SIL.open is out of range"));
  CHECK(refused("{\"open\": 1.4}", "{\"nose\": 1}", "no group nose"));
  CHECK(refused("\"AA\": {", "\"A A\": {", "no name for a phone"));
  CHECK(refused("\"AA\", \"IY\"]", "\"AA\", \"ZZ\"]", "no phone ZZ"));
  CHECK(refused("\"SIL\": {", "\"SILENT\": {", "no phone SIL"));
  CHECK(refused("\"I\": [\"IY\"]", "\"I\": []", "IY has none"));
  CHECK(
      refused("\"sil\": [\"SIL\"], \"aa\": [\"AA\",", "\"aa\": [\"SIL\", \"AA\",", "SIL must be"));
  CHECK(refused("\"rest\": {", "\"nap\": {", "rest is missing"));
  CHECK(refused("\"smoothing_seconds\": 0.015", "\"smoothing_seconds\": 9", "out of range"));
}

TEST(a_mouth_without_a_script_rests) {
  const Told none({});
  CHECK(none.script.coverage(1.0) == 0.0f);
  const RulePose pose = none.at(1.0);
  for (const float weight : pose.weights) CHECK(weight == 0.0f);
  CHECK_NEAR(pose.visemes[0], 1.0f, 1e-5f);
}

TEST(phones_open_and_seal_the_mouth) {
  const Told told({say(500, 700, "AA"), say(700, 780, "M"), say(780, 980, "AA")});
  CHECK(told.at(0.6).weights[kJawOpen] > 0.25f);
  CHECK(told.at(0.6).closure == 0.0f);
  const RulePose sealed = told.at(0.74);
  CHECK(sealed.closure == 1.0f && sealed.weights[kMouthPressLeft] >= 0.36f);
  CHECK(sealed.weights[kMouthPressLeft] == sealed.weights[kMouthPressRight]);
  CHECK_NEAR(sealed.weights[kMouthClose], sealed.weights[kJawOpen], 1e-6f);
  CHECK_NEAR(sealed.visemes[1], 1.0f, 0.1f);
  CHECK(told.at(1.5).weights[kJawOpen] == 0.0f && told.at(0.2).weights[kJawOpen] == 0.0f);
  CHECK(told.at(3e9).weights[kJawOpen] == 0.0f);
}

TEST(coverage_bridges_short_gaps_and_fades_outside) {
  const Told told({say(1000, 1100, "AA"), say(1350, 1400, "IY"), say(2000, 2100, "AA")});
  for (const double inside : {1.0, 1.05, 1.2, 1.4, 2.0, 2.1}) {
    CHECK(told.script.coverage(inside) == 1.0f);
  }
  CHECK_NEAR(told.script.coverage(0.97), 0.5f, 1e-5f);
  CHECK_NEAR(told.script.coverage(2.13), 0.5f, 1e-5f);
  for (const double outside : {0.5, 0.94, 1.5, 1.9, 2.2, 1e9}) {
    CHECK(told.script.coverage(outside) == 0.0f);
  }
}

TEST(the_newer_of_two_phones_wins) {
  Told told({say(100, 500, "AA"), say(500, 900, "IY")});
  told.tell({say(400, 600, "M")}, 0);
  const std::vector<Phone>& phones = told.script.phones();
  CHECK(phones.size() == 3 && phones[0].end == 400 && phones[1].start == 400);
  CHECK(phones[2].start == 600 && phones[2].end == 900);
  told.tell({say(50, 950, "AH")}, 0);
  CHECK(phones.size() == 1 && phones[0].start == 50);
  told.tell({say(300, 350, "F")}, 0);
  CHECK(phones.size() == 2 && phones[0].end == 300 && phones[1].end == 350);
}

TEST(old_phones_are_forgotten_and_late_ones_ignored) {
  Told told({say(0, 200, "AA"), say(200, 400, "IY"), say(9000, 9100, "AA")});
  told.tell({say(100, 150, "M"), say(9200, 9300, "M")}, 5000);
  const std::vector<Phone>& phones = told.script.phones();
  CHECK(phones.size() == 2 && phones[0].start == 9000 && told.script.begin() == 400);
  CHECK(told.queue.consumed() == told.queue.written());
}

TEST(a_full_script_leaves_phones_in_the_queue) {
  PhoneQueue queue(512);
  Script script(&table(), 50.0, kRate, 2.0, 1024);
  std::int64_t at = 0;
  for (int i = 0; i < 4; ++i) {
    while (queue.push(say(at, at + 50, i % 2 == 0 ? "AA" : "M"))) at += 50;
    script.admit(&queue, queue.written(), 0);
  }
  CHECK(script.phones().size() == script.capacity());
  CHECK(queue.written() - queue.consumed() == queue.capacity());
  CHECK(!queue.push(say(at, at + 50, "AA")));
  script.admit(&queue, queue.written(), 30000);
  CHECK(queue.written() == queue.consumed() && script.phones()[0].end == 28050);
  CHECK(script.phones().size() == script.capacity() - 560 + queue.capacity());
  script.clear();
  CHECK(script.phones().empty() && script.begin() == 0);
  queue.drop_before(queue.written() + 5);
  CHECK(queue.consumed() == queue.written());
}

TEST(what_was_forgotten_does_not_change_what_is_near) {
  std::vector<Phone> phones;
  const char* names[] = {"AA", "M", "AY", "F", "SIL", "IY"};
  for (int i = 0; i < 100; ++i) phones.push_back(say(i * 90, i * 90 + 80, names[i % 6]));
  const Told whole(phones);
  Told worn(phones);
  worn.tell({say(20000, 20100, "AA")}, 7000);
  CHECK(worn.script.phones().size() < 60);
  for (double t = 6.0; t < 8.0; t += 0.013) {
    const RulePose a = whole.at(t);
    const RulePose b = worn.at(t);
    CHECK(a.weights == b.weights && a.visemes == b.visemes && a.closure == b.closure);
  }
}

TEST(smoothing_is_known_ahead) {
  KnobValues knobs;
  for (const float half_life : {0.0f, 10.0f, 60.0f, 200.0f}) {
    knobs.set(static_cast<std::size_t>(Knob::kLowerSmoothing), half_life);
    const std::vector<std::size_t> channels = {kJawOpen};
    PostProcess post({channels.data(), channels.size()}, 0.02);
    const double delay = post.smoothing_delay(knobs);
    Frame frame;
    double now = 0.0;
    for (int i = 0; i < 400; ++i) {
      now = 0.02 * i;
      const auto ramp = static_cast<float>(0.05 * (now + delay));
      frame = Frame();
      apply_plainly(&post, {{&ramp, 1}, {}, {}, nullptr}, {}, knobs, &frame);
    }
    CHECK_NEAR(frame.weights[kJawOpen], static_cast<float>(0.05 * now), 1e-4f);
  }
}

TEST(a_script_replaces_its_channels_alone) {
  RulePose rule;
  rule.weights[kJawOpen] = 0.4f;
  rule.closure = 0.0f;
  rule.visemes[10] = 1.0f;
  const KnobValues knobs;
  const std::vector<std::size_t> channels = {kJawOpen, kBrowInnerUp};
  const std::vector<float> heard = {0.1f, 0.6f};
  std::vector<float> silence(kVisemeCount, 0.0f);
  silence[0] = 1.0f;
  PostProcess post({channels.data(), channels.size()}, 0.02);
  const GraphFrame graph{{heard.data(), 2}, {silence.data(), silence.size()}, {}, nullptr};
  Frame frame;
  for (int i = 0; i < 50; ++i) {
    frame = Frame();
    apply_plainly(&post, graph, {&table(), &rule, 1.0f}, knobs, &frame);
  }
  CHECK_NEAR(frame.weights[kJawOpen], 0.4f, 1e-4f);  // no rest, though the graph hears silence
  CHECK_NEAR(frame.weights[kBrowInnerUp], 0.6f, 1e-4f);
  CHECK(frame.visemes[10] == 1.0f && frame.visemes[0] == 0.0f);
  frame = Frame();
  post.copy_raw(graph, {&table(), &rule, 0.5f}, &frame);
  CHECK_NEAR(frame.weights[kJawOpen], 0.25f, 1e-6f);
}
