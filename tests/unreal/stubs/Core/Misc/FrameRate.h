#pragma once

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FFrameNumber
struct FFrameNumber {
  int32 Value;
  constexpr FFrameNumber() : Value(0) {}
  constexpr FFrameNumber(int32 InValue) : Value(InValue) {}
  FFrameNumber operator+(FFrameNumber Other) const;
  FFrameNumber operator-(FFrameNumber Other) const;
  bool operator<(FFrameNumber Other) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FFrameTime
struct FFrameTime {
  FFrameTime();
  FFrameTime(FFrameNumber Number);
  FFrameTime(FFrameNumber Number, float SubFrame);
  FFrameNumber FrameNumber;
  FFrameNumber FloorToFrame() const;
  FFrameNumber RoundToFrame() const;
  FFrameTime operator-(const FFrameTime& Other) const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FFrameRate
struct FFrameRate {
  FFrameRate();
  FFrameRate(uint32 InNumerator, uint32 InDenominator);
  int32 Numerator;
  int32 Denominator;
  double AsSeconds(FFrameTime Time) const;
  double AsDecimal() const;
  FFrameTime AsFrameTime(double Seconds) const;
  bool IsValid() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/operator_
double operator/(FFrameTime Time, FFrameRate Rate);
FFrameTime operator*(double Seconds, FFrameRate Rate);

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FQualifiedFrameTime
struct FQualifiedFrameTime {
  FQualifiedFrameTime();
  FQualifiedFrameTime(const FFrameTime& Time, const FFrameRate& Rate);
  FFrameTime Time;
  FFrameRate Rate;
  double AsSeconds() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/ConvertFrameTime
FFrameTime ConvertFrameTime(FFrameTime SourceTime, FFrameRate SourceRate,
                            FFrameRate DestinationRate);
