#pragma once

#include "HAL/Platform.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FMath
struct FMath {
  template <typename T>
  static T Max(T A, T B);
  template <typename T>
  static T Min(T A, T B);
  template <typename T>
  static T Clamp(T X, T Low, T High);
  template <typename T, typename U>
  static T Lerp(const T& A, const T& B, const U& Alpha);
  static float Abs(float X);
  static double Abs(double X);
  static bool IsNearlyZero(float X, float Tolerance = 1e-8f);
  static bool IsNearlyEqual(float A, float B, float Tolerance = 1e-8f);
  static int32 RoundToInt(float X);
  static int64 RoundToInt64(double X);
  static int32 CeilToInt(float X);
  static int32 FloorToInt(float X);
  static float Exp(float X);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TVector
struct FVector {
  double X, Y, Z;
  FVector();
  FVector(double InX, double InY, double InZ);
  FVector operator+(const FVector& Other) const;
  FVector operator*(double Scale) const;
  static const FVector ZeroVector;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TVector2
struct FVector2D {
  double X, Y;
  FVector2D();
  FVector2D(double InX, double InY);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TVector2
struct FVector2f {
  float X, Y;
  FVector2f();
  FVector2f(float InX, float InY);
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TRotator
struct FRotator {
  double Pitch, Yaw, Roll;
  FRotator();
  FRotator(double InPitch, double InYaw, double InRoll);
  struct FQuat Quaternion() const;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TQuat
struct FQuat {
  double X, Y, Z, W;
  FQuat();
  FQuat(double InX, double InY, double InZ, double InW);
  FQuat operator*(const FQuat& Other) const;
  FQuat Inverse() const;
  void Normalize(double Tolerance = 1e-8);
  FVector RotateVector(FVector Vector) const;
  FRotator Rotator() const;
  static FQuat Slerp(const FQuat& A, const FQuat& B, double Alpha);
  static const FQuat Identity;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/UE__Math__TTransform
struct FTransform {
  FTransform();
  FTransform(const FQuat& Rotation, const FVector& Translation);
  FQuat GetRotation() const;
  FVector GetTranslation() const;
  void SetRotation(const FQuat& Rotation);
  void SetTranslation(const FVector& Translation);
  void AddToTranslation(const FVector& Delta);
  static const FTransform Identity;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FLinearColor
struct FLinearColor {
  float R, G, B, A;
  FLinearColor();
  constexpr FLinearColor(float InR, float InG, float InB, float InA = 1.0f)
      : R(InR), G(InG), B(InB), A(InA) {}
  static const FLinearColor White;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FColor
struct FColor {
  uint8 R, G, B, A;
  FColor();
  constexpr FColor(uint8 InR, uint8 InG, uint8 InB, uint8 InA = 255)
      : R(InR), G(InG), B(InB), A(InA) {}
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FGuid
struct FGuid {
  FGuid();
  bool IsValid() const;
  bool operator==(const FGuid& Other) const;
};
