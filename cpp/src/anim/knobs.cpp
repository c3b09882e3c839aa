#include "anim/knobs.h"

namespace talkface {

const std::array<KnobInfo, kKnobCount> kKnobs = {{
    {"lower_strength", 1.0f, 0.0f, 2.0f, "Gain of jaw, mouth and cheeks. Sealed lips stay sealed."},
    {"upper_strength", 1.0f, 0.0f, 2.0f, "Gain of brows, lids and gaze that the model gives."},
    {"tongue_strength", 1.0f, 0.0f, 3.0f, "Gain of tongueOut, on top of lower_strength."},
    {"lower_smoothing_ms", 5.0f, 0.0f, 200.0f,
     "Half-life of smoothing of the lower face; the same at any frame rate."},
    {"upper_smoothing_ms", 30.0f, 0.0f, 500.0f,
     "Half-life of smoothing of brows, lids and gaze that the model gives."},
    {"mouth_close", 1.0f, 0.0f, 1.0f,
     "How fully lips seal on p, b and m. Applied after smoothing, so closures survive it."},
    {"closure_threshold", 0.48f, 0.1f, 0.9f,
     "Closure probability at which the lips are half sealed; lower seals more often."},
    {"silence_rest", 1.0f, 0.0f, 1.0f,
     "How fully the mouth comes to rest when nobody speaks, and at the end."},
    {"blink_strength", 1.0f, 0.0f, 1.0f, "Idle blinks; 0 turns them off."},
    {"gaze_strength", 1.0f, 0.0f, 2.0f, "Idle eye movement; 0 turns it off."},
    {"head_strength", 1.0f, 0.0f, 2.0f,
     "Gain of the head motion that the model gives; 0 turns it off."},
    {"script_strength", 1.0f, 0.0f, 1.0f,
     "How far pushed phones move the mouth instead of what the model hears; 0 ignores them."},
    {"brow_strength", 1.0f, 0.0f, 2.0f, "Brows that rise a little on stress; 0 turns them off."},
    {"breath_strength", 1.0f, 0.0f, 2.0f, "Breathing of the idle head; 0 turns it off."},
    {"emotion_contrast", 1.0f, 0.3f, 3.0f,
     "Power of the probabilities heard; above 1 the likeliest emotion stands out."},
    {"max_emotions", 3.0f, 1.0f, 7.0f,
     "How many emotions beside neutral may show at once, of those that are heard."},
    {"emotion_smoothing_ms", 250.0f, 0.0f, 5000.0f,
     "Half-life of smoothing of what is heard; the same at any frame rate."},
    {"emotion_strength", 0.6f, 0.0f, 1.0f,
     "How much of the emotion that is heard is shown; 0 shows only what is directed."},
    {"emotion_transition_ms", 500.0f, 0.0f, 5000.0f,
     "Time of a full change from one emotion to another, heard or directed."},
    {"expression_strength", 1.0f, 0.0f, 2.0f,
     "Gain of all that emotion adds to the face; 0 gives the neutral face."},
    {"sway_strength", 0.6f, 0.0f, 2.0f, "Idle head sway; 0 turns it off."},
}};

int knob_index(std::string_view name) {
  for (std::size_t i = 0; i < kKnobCount; ++i) {
    if (name == kKnobs[i].name) return static_cast<int>(i);
  }
  return -1;
}

KnobValues::KnobValues() {
  for (std::size_t i = 0; i < kKnobCount; ++i) set(i, kKnobs[i].default_value);
}

}  // namespace talkface
