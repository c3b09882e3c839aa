#pragma once

#include "MovieSceneSection.h"

class FMenuBuilder;
class FSequencerSectionPainter;

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/ESequencerSectionResizeMode
enum ESequencerSectionResizeMode : int { SSRM_LeadingEdge, SSRM_TrailingEdge };

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/ISequencerSection
class ISequencerSection {
 public:
  virtual ~ISequencerSection();
  virtual UMovieSceneSection* GetSectionObject() = 0;
  virtual FText GetSectionTitle() const;
  virtual void BuildSectionContextMenu(FMenuBuilder& Menu, const FGuid& Binding);
  virtual void ResizeSection(ESequencerSectionResizeMode ResizeMode,
                             FFrameNumber ResizeFrameNumber);
  virtual int32 OnPaintSection(FSequencerSectionPainter& Painter) const = 0;
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Editor/Sequencer/FSequencerSection
class FSequencerSection : public ISequencerSection {
 public:
  explicit FSequencerSection(UMovieSceneSection& Section);
  UMovieSceneSection* GetSectionObject() override;
  int32 OnPaintSection(FSequencerSectionPainter& Painter) const override;
};
