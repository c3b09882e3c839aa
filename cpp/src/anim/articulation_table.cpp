#include "anim/articulation_table.h"

#include <algorithm>

#include "base/json.h"

namespace talkface {
namespace {

using Table = ArticulationTable;

constexpr std::size_t kMaxShapes = 128;
constexpr std::size_t kMaxSymbolLength = 7;  // of talkface_phone
constexpr double kMaxSeconds = 1.0;
constexpr double kMaxRate = 1000.0;
constexpr double kMaxDominance = 100.0;
constexpr std::size_t kNowhere = SIZE_MAX;
// Speech whose phone is not known looks like this one.
constexpr const char* kNeutralVowel = "AH";

template <typename Values, typename Value>
std::size_t index_in(const Values& values, const Value& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  return found == values.end() ? kNowhere : static_cast<std::size_t>(found - values.begin());
}

// Reads one table and remembers the first complaint.
class Parser {
 public:
  explicit Parser(Table* table) : t_(*table) {}

  Status read(const Json& root) {
    if (!root.is(Json::Kind::kObject)) return {Code::kBadBundle, "articulation: not an object"};
    articulators(root);
    groups(root);
    shapes(root);
    if (status_.ok()) symbols(root);
    if (status_.ok()) visemes(root);
    rules(root);
    return status_;
  }

 private:
  void complain(const std::string& what) {
    if (status_.ok()) status_ = {Code::kBadBundle, "articulation: " + what};
  }

  const Json* member(const Json& object, const std::string& key, Json::Kind kind) {
    const Json* value = object.find(key);
    if (value != nullptr && value->is(kind)) return value;
    complain(key + " is missing or has the wrong type");
    return nullptr;
  }

  double checked(const Json& value, const std::string& what, double low, double high) {
    if (value.is(Json::Kind::kNumber) && value.number() >= low && value.number() <= high) {
      return value.number();
    }
    complain(what + " is out of range");
    return low;
  }

  double number(const Json& object, const char* key, double low, double high) {
    const Json* value = object.find(key);
    if (value != nullptr) return checked(*value, key, low, high);
    complain(std::string(key) + " is missing");
    return low;
  }

  Table::Span span(const Json& object, const char* key) {
    const Json* value = member(object, key, Json::Kind::kArray);
    if (value == nullptr) return {};
    if (value->items().size() != 2) {
      complain(std::string(key) + " must be two numbers");
      return {};
    }
    const Table::Span span{checked(value->items()[0], key, 0.0, 1.0),
                           checked(value->items()[1], key, 0.0, 1.0)};
    if (span.low > span.high) complain(std::string(key) + " runs backwards");
    return span;
  }

  std::size_t articulator(const std::string& name) {
    const std::size_t index = index_in(t_.articulators, name);
    if (index == kNowhere) complain("no articulator " + name);
    return index == kNowhere ? 0 : index;
  }

  void articulators(const Json& root) {
    const Json* list = member(root, "channels", Json::Kind::kArray);
    if (list == nullptr) return;
    if (list->items().size() > Table::kMaxArticulators) return complain("too many channels");
    for (const Json& item : list->items()) {
      const std::string& name = item.string();
      const std::size_t index = t_.articulators.size();
      std::vector<std::string> targets = {name};
      if (channel_index(name) < 0) targets = {name + "Left", name + "Right"};
      for (const std::string& target : targets) {
        const int channel = channel_index(target);
        if (channel < 0) return complain(name + " is not an ARKit blendshape");
        if (index_in(t_.channels, static_cast<std::size_t>(channel)) != kNowhere) {
          return complain("two articulators drive " + target);
        }
        t_.driven.push_back({static_cast<std::size_t>(channel), index});
        t_.channels.push_back(static_cast<std::size_t>(channel));
      }
      t_.articulators.push_back(name);
    }
    t_.jaw = articulator("jawOpen");
    t_.mouth_close = articulator("mouthClose");
    t_.lower_down = articulator("mouthLowerDown");
    t_.upper_up = articulator("mouthUpperUp");
    t_.press = articulator("mouthPress");
    t_.roll_lower = articulator("mouthRollLower");
    t_.roll_upper = articulator("mouthRollUpper");
  }

  void groups(const Json& root) {
    t_.group_of.assign(t_.articulators.size(), kNowhere);
    const Json* object = member(root, "groups", Json::Kind::kObject);
    if (object == nullptr) return;
    if (object->members().size() > Table::kMaxGroups) return complain("too many groups");
    for (const auto& [name, group] : object->members()) {
      const Json* members = member(group, "channels", Json::Kind::kArray);
      if (members == nullptr) return;
      for (const Json& item : members->items()) {
        const std::size_t index = articulator(item.string());
        if (!status_.ok()) return;
        if (t_.group_of[index] != kNowhere) return complain(item.string() + " is in two groups");
        t_.group_of[index] = t_.groups.size();
      }
      t_.groups.push_back(
          {number(group, "rate_in", 0.0, kMaxRate), number(group, "rate_out", 0.0, kMaxRate)});
      group_names_.push_back(name);
    }
    if (index_in(t_.group_of, kNowhere) != kNowhere) complain("a channel is in no group");
  }

  void shapes(const Json& root) {
    const Json* phones = member(root, "phones", Json::Kind::kObject);
    if (phones == nullptr || !status_.ok()) return;
    if (phones->members().size() > kMaxShapes) return complain("too many phones");
    for (const auto& [name, row] : phones->members()) {
      Table::Shape shape;
      shape.dominance.fill(1.0);
      const Json* targets = member(row, "targets", Json::Kind::kObject);
      if (targets == nullptr) return;
      for (const auto& [channel, value] : targets->members()) {
        shape.target[articulator(channel)] = checked(value, name + '.' + channel, 0.0, 1.0);
      }
      if (const Json* dominance = row.find("dominance")) {
        for (const auto& [group, value] : dominance->members()) {
          const std::size_t index = index_in(group_names_, group);
          if (index == kNowhere) return complain("no group " + group);
          // Never 0: some phone must rule at any time.
          shape.dominance[index] = checked(value, name + '.' + group, 1e-3, kMaxDominance);
        }
      }
      add_symbol(name, t_.shapes.size(), t_.shapes.size(), false);
      t_.shapes.push_back(shape);
    }
  }

  void add_symbol(const std::string& name, std::size_t first, std::size_t second, bool diphthong) {
    const bool capitals =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (name.empty() || name.size() > kMaxSymbolLength || !capitals) {
      return complain("'" + name + "' is no name for a phone: 1 to 7 capital letters");
    }
    for (const Table::Symbol& symbol : t_.symbols) {
      if (symbol.name == name) return complain("two phones " + name);
    }
    Table::Symbol symbol;
    symbol.name = name;
    symbol.first = first;
    symbol.second = second;
    symbol.diphthong = diphthong;
    if (name == "SIL") symbol.kind = Table::Kind::kSilence;
    if (name == "P" || name == "B") symbol.kind = Table::Kind::kStop;
    if (name == "M") symbol.kind = Table::Kind::kNasal;
    if (name == "F" || name == "V") symbol.kind = Table::Kind::kLabiodental;
    t_.symbols.push_back(symbol);
  }

  std::size_t shape_of(const std::string& name) {
    for (const Table::Symbol& symbol : t_.symbols) {
      if (symbol.name == name && !symbol.diphthong) return symbol.first;
    }
    complain("no phone " + name);
    return 0;
  }

  void symbols(const Json& root) {
    const Json* diphthongs = member(root, "diphthongs", Json::Kind::kObject);
    if (diphthongs == nullptr) return;
    if (diphthongs->members().size() > kMaxShapes) return complain("too many diphthongs");
    for (const auto& [name, halves] : diphthongs->members()) {
      if (halves.items().size() != 2) return complain(name + " must have two halves");
      add_symbol(name, shape_of(halves.items()[0].string()), shape_of(halves.items()[1].string()),
                 true);
    }
    const std::size_t vowel = shape_of(kNeutralVowel);
    add_symbol("UNK", vowel, vowel, false);
    shape_of("SIL");
    if (status_.ok()) t_.silence = static_cast<std::size_t>(t_.find("SIL"));
  }

  void visemes(const Json& root) {
    const Json* object = root.find("visemes");
    if (object == nullptr) return;
    t_.has_visemes = true;
    std::vector<bool> given(t_.symbols.size(), false);
    for (const auto& [name, phones] : object->members()) {
      const std::size_t viseme = index_in(kVisemeNames, name);
      if (viseme == kNowhere) return complain("no viseme " + name);
      for (const Json& phone : phones.items()) {
        const int symbol = t_.find(phone.string());
        if (symbol < 0) return complain("visemes: no phone " + phone.string());
        t_.symbols[static_cast<std::size_t>(symbol)].viseme = viseme;
        given[static_cast<std::size_t>(symbol)] = true;
      }
    }
    Table::Symbol& unknown = t_.symbols.back();
    unknown.viseme = t_.symbols[static_cast<std::size_t>(t_.find(kNeutralVowel))].viseme;
    given.back() = true;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (!given[i]) return complain("visemes: " + t_.symbols[i].name + " has none");
    }
    if (t_.symbols[t_.silence].viseme != 0) complain("visemes: SIL must be sil");
  }

  void rules(const Json& root) {
    t_.reference_seconds = number(root, "reference_seconds", 1e-3, kMaxSeconds);
    t_.hold = span(root, "hold");
    t_.smoothing_seconds = number(root, "smoothing_seconds", 0.0, 0.1);
    t_.silence_absorb_seconds = number(root, "silence_absorb_seconds", 0.0, kMaxSeconds);
    t_.diphthong_cut = number(root, "diphthong_cut", 0.0, 1.0);
    if (const Json* rule = member(root, "closure", Json::Kind::kObject)) {
      t_.closure.stop = span(*rule, "stop");
      t_.closure.nasal = span(*rule, "nasal");
      t_.closure.ramp_seconds = number(*rule, "ramp_seconds", 0.0, kMaxSeconds);
      t_.closure.min_seconds = number(*rule, "min_seconds", 0.0, kMaxSeconds);
      t_.closure.jaw_keep = number(*rule, "jaw_keep", 0.0, 1.0);
      t_.closure.press = number(*rule, "press", 0.0, 1.0);
      t_.closure.roll = number(*rule, "roll", 0.0, 1.0);
    }
    if (const Json* rule = member(root, "labiodental", Json::Kind::kObject)) {
      t_.labiodental.span = span(*rule, "span");
      t_.labiodental.ramp_seconds = number(*rule, "ramp_seconds", 0.0, kMaxSeconds);
      t_.labiodental.jaw_cap = number(*rule, "jaw_cap", 0.0, 1.0);
      t_.labiodental.roll = number(*rule, "roll", 0.0, 1.0);
    }
    if (const Json* rule = member(root, "rest", Json::Kind::kObject)) {
      t_.rest.min_seconds = number(*rule, "min_seconds", 0.0, kMaxSeconds);
      t_.rest.close_seconds = number(*rule, "close_seconds", 0.0, kMaxSeconds);
      t_.rest.open_seconds = number(*rule, "open_seconds", 0.0, kMaxSeconds);
    }
  }

  Table& t_;
  std::vector<std::string> group_names_;
  Status status_;
};

}  // namespace

Status ArticulationTable::parse(std::string_view json, ArticulationTable* out) {
  *out = ArticulationTable();
  Json root;
  const Status status = Json::parse(json, &root);
  if (!status.ok()) return {Code::kBadBundle, "articulation: " + status.message()};
  return Parser(out).read(root);
}

int ArticulationTable::find(std::string_view symbol) const {
  while (!symbol.empty() && symbol.back() >= '0' && symbol.back() <= '2') symbol.remove_suffix(1);
  const auto capital = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const std::string& name = symbols[i].name;
    if (name.size() == symbol.size() &&
        std::equal(name.begin(), name.end(), symbol.begin(),
                   [&](char a, char b) { return a == capital(b); })) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace talkface
