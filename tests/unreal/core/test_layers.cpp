#include <cmath>
#include <vector>

#include "TalkFaceCore/CurveReduction.h"
#include "TalkFaceCore/EmotionTracker.h"
#include "TalkFaceCore/LayerMixer.h"
#include "TalkFaceCore/Names.h"
#include "check.h"

using namespace TalkFaceCore;

namespace {

std::size_t Index(const char* Name) { return static_cast<std::size_t>(FindChannel(Name)); }

Layer Filled(float Value, uint32_t Regions) {
  Layer Made;
  for (float& Weight : Made.Values.Weights) Weight = Value;
  Made.Regions = Regions;
  return Made;
}

}  // namespace

TEST(regions_share_out_all_channels) {
  int Counts[6] = {};
  for (std::size_t I = 0; I < ChannelCount; ++I) {
    for (int Bit = 0; Bit < 6; ++Bit) Counts[Bit] += RegionOf(I) == 1u << Bit;
  }
  CHECK(Counts[0] == 24 && Counts[1] == 4 && Counts[2] == 14);
  CHECK(Counts[3] == 5 && Counts[4] == 5 && Counts[5] == 0);
  CHECK(RegionOf(Index("tongueOut")) == Region::Lips);
  CHECK(RegionOf(Index("noseSneerLeft")) == Region::Cheeks);
}

TEST(a_mask_leaves_the_rest_alone) {
  Face Out = Filled(0.2f, 0).Values;
  const Layer Top = Filled(0.8f, Region::Jaw | Region::Brows);
  MixLayers(&Top, 1, Out);
  CHECK(Out.Weights[Index("jawOpen")] == 0.8f && Out.Weights[Index("browInnerUp")] == 0.8f);
  CHECK(Out.Weights[Index("mouthClose")] == 0.2f && Out.Weights[Index("eyeBlinkLeft")] == 0.2f);
}

TEST(override_blends_and_weight_is_bounded) {
  Face Out = Filled(0.25f, 0).Values;
  Layer Top = Filled(0.75f, Region::All);
  Top.Weight = 0.5f;
  MixLayers(&Top, 1, Out);
  CHECK(Out.Weights[0] == 0.5f);
  Top.Weight = 3.0f;
  MixLayers(&Top, 1, Out);
  CHECK(Out.Weights[0] == 0.75f);
  Top.Weight = -1.0f;
  Out.Weights[0] = 0.1f;
  MixLayers(&Top, 1, Out);
  CHECK(Out.Weights[0] == 0.1f);
}

TEST(additive_fills_headroom_and_keeps_order) {
  for (float Base : {0.0f, 0.5f, 0.9f, 1.0f}) {
    float Before = -1;
    for (float Value : {-1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 2.0f}) {
      Face Out = Filled(Base, 0).Values;
      Layer Top = Filled(Value, Region::All);
      Top.Mode = LayerMode::Additive;
      MixLayers(&Top, 1, Out);
      CHECK(Out.Weights[0] >= 0 && Out.Weights[0] <= 1);
      CHECK(Out.Weights[0] >= Before);
      Before = Out.Weights[0];
      if (Value == 0) CHECK(Out.Weights[0] == Base);
    }
  }
}

TEST(priority_decides_whatever_the_order_in_the_list) {
  Layer Low = Filled(0.1f, Region::All);
  Layer High = Filled(0.9f, Region::Jaw);
  High.Priority = 5;
  Low.Priority = -5;
  for (const auto& Order : {std::vector<Layer>{Low, High}, std::vector<Layer>{High, Low}}) {
    Face Out;
    MixLayers(Order.data(), Order.size(), Out);
    CHECK(Out.Weights[Index("jawOpen")] == 0.9f && Out.Weights[Index("mouthClose")] == 0.1f);
  }
  Layer Later = Filled(0.4f, Region::All);
  Later.Priority = Low.Priority;
  const Layer Equal[] = {Low, Later};
  Face Out;
  MixLayers(Equal, 2, Out);
  CHECK(Out.Weights[0] == 0.4f);
  MixLayers(Equal, 0, Out);
  CHECK(Out.Weights[0] == 0.4f);
}

TEST(the_head_is_a_region) {
  const double Sine = std::sin(0.1);
  const double Cosine = std::cos(0.1);
  Layer Top;
  Top.Values.HeadRotation = {Sine, 0, 0, Cosine};
  Top.Values.HeadTranslation = {0.02, 0, 0};
  Top.Regions = Region::All & ~Region::Head;
  Face Out;
  Out.HeadTranslation = {0.01, 0, 0};
  MixLayers(&Top, 1, Out);
  CHECK(Out.HeadRotation.X == 0 && Out.HeadTranslation.X == 0.01);
  Top.Regions = Region::Head;
  Top.Weight = 0.5f;
  MixLayers(&Top, 1, Out);
  CHECK_NEAR(Out.HeadRotation.X, std::sin(0.05), 1e-12);
  CHECK_NEAR(Out.HeadTranslation.X, 0.015, 1e-12);
  Top.Mode = LayerMode::Additive;
  MixLayers(&Top, 1, Out);
  CHECK_NEAR(Out.HeadRotation.X, Sine, 1e-12);
  CHECK_NEAR(Out.HeadTranslation.X, 0.025, 1e-12);
}

TEST(a_head_turns_the_short_way) {
  const Quaternion A = {0, std::sin(0.1), 0, std::cos(0.1)};
  const Quaternion Far = {0, -std::sin(0.2), 0, -std::cos(0.2)};  // the same turn as {0, s, 0, c}
  const Quaternion Half = Slerp(A, Far, 0.5);
  CHECK_NEAR(std::fabs(Half.Y), std::sin(0.15), 1e-12);
}

TEST(reduced_keys_stay_within_tolerance) {
  std::vector<double> Times;
  std::vector<float> Values;
  for (int I = 0; I < 600; ++I) {
    Times.push_back(I / 60.0);
    Values.push_back(
        static_cast<float>(0.5 + 0.4 * std::sin(I * 0.07) * std::sin(I * 0.011 + 0.4)));
  }
  const std::vector<std::size_t> Keys = ReduceKeys(Times, Values, 0.005);
  CHECK(Keys.front() == 0 && Keys.back() == 599);
  CHECK(Keys.size() < 200 && Keys.size() > 10);
  for (std::size_t K = 1; K < Keys.size(); ++K) {
    for (std::size_t I = Keys[K - 1]; I <= Keys[K]; ++I) {
      const double Share = (Times[I] - Times[Keys[K - 1]]) / (Times[Keys[K]] - Times[Keys[K - 1]]);
      const double Line = (1 - Share) * static_cast<double>(Values[Keys[K - 1]]) +
                          Share * static_cast<double>(Values[Keys[K]]);
      CHECK_NEAR(Line, static_cast<double>(Values[I]), 0.005 + 1e-12);
    }
  }
}

TEST(simple_curves_need_few_keys) {
  CHECK(ReduceKeys({}, {}, 0.1).empty());
  CHECK(ReduceKeys({0.0}, {0.3f}, 0.1).size() == 1);
  CHECK(ReduceKeys({0, 1, 2}, {0.3f, 0.305f, 0.3f}, 0.01) == std::vector<std::size_t>{0});
  CHECK(ReduceKeys({0, 1, 3}, {0, 1, 3}, 1e-6) == (std::vector<std::size_t>{0, 2}));
  CHECK(ReduceKeys({0, 1, 2}, {0, 1, 0}, 0) == (std::vector<std::size_t>{0, 1, 2}));
}

TEST(an_emotion_counts_when_it_has_lasted) {
  EmotionTracker Tracker;
  talkface_pose Pose = talkface_pose_init();
  Pose.emotion[0] = 0.5f;
  CHECK(!Tracker.Update(Pose, 0.1) && Tracker.Current() == 0);
  Pose.emotion[1] = 0.55f;  // leads, by less than the margin
  for (int I = 0; I < 10; ++I) CHECK(!Tracker.Update(Pose, 0.1));
  Pose.emotion[1] = 0.7f;
  CHECK(!Tracker.Update(Pose, 0.1));
  CHECK(!Tracker.Update(Pose, 0.1));
  Pose.emotion[1] = 0.0f;
  CHECK(!Tracker.Update(Pose, 0.1));  // a moment's lead is forgotten
  Pose.emotion[1] = 0.7f;
  CHECK(!Tracker.Update(Pose, 0.1));
  CHECK(!Tracker.Update(Pose, 0.1));
  CHECK(Tracker.Update(Pose, 0.1) && Tracker.Current() == 1);
  CHECK(!Tracker.Update(Pose, 0.1));
}
