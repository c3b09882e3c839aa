#include "ContentBrowserMenuContexts.h"
#include "CoreMinimal.h"
#include "ISequencerModule.h"
#include "Modules/ModuleManager.h"
#include "PropertyEditorModule.h"
#include "Sound/SoundWave.h"
#include "TalkFaceBakeSettings.h"
#include "TalkFaceBaker.h"
#include "TalkFaceComponent.h"
#include "TalkFaceDetails.h"
#include "TalkFaceTrackEditor.h"
#include "ToolMenus.h"

#define LOCTEXT_NAMESPACE "TalkFaceEditor"

/** Registers what the editor shows of TalkFace. */
class FTalkFaceEditorModule : public IModuleInterface
{
public:
	virtual void StartupModule() override;
	virtual void ShutdownModule() override;

private:
	void ExtendMenus();

	FDelegateHandle TrackEditor;
};

namespace
{
const TCHAR* const SequencerName = TEXT("Sequencer");
const TCHAR* const PropertyEditorName = TEXT("PropertyEditor");

void AddBakeEntry(FToolMenuSection& Section)
{
	const UContentBrowserAssetContextMenuContext* Context =
		Section.Context.FindContext<UContentBrowserAssetContextMenuContext>();
	if (Context == nullptr)
	{
		return;
	}
	const TWeakObjectPtr<const UContentBrowserAssetContextMenuContext> Weak(Context);
	Section.AddMenuEntry(TEXT("TalkFaceBake"), LOCTEXT("Bake", "Bake TalkFace animation"),
		LOCTEXT(
			"BakeTip", "Makes an animation of the face beside each sound; Editor Preferences, TalkFace Bake, say how."),
		FSlateIcon(),
		FUIAction(FExecuteAction::CreateLambda(
			[Weak]()
			{
				if (const UContentBrowserAssetContextMenuContext* Chosen = Weak.Get())
				{
					FTalkFaceBaker::BakeSounds(
						Chosen->LoadSelectedObjects<USoundWave>(), *GetDefault<UTalkFaceBakeSettings>());
				}
			})));
}
}

void FTalkFaceEditorModule::StartupModule()
{
	TrackEditor = FModuleManager::LoadModuleChecked<ISequencerModule>(SequencerName)
					  .RegisterTrackEditor(FOnCreateTrackEditor::CreateStatic(&FTalkFaceTrackEditor::Create));
	FModuleManager::LoadModuleChecked<FPropertyEditorModule>(PropertyEditorName)
		.RegisterCustomClassLayout(UTalkFaceComponent::StaticClass()->GetFName(),
			FOnGetDetailCustomizationInstance::CreateStatic(&FTalkFaceDetails::Create));
	UToolMenus::RegisterStartupCallback(
		FSimpleMulticastDelegate::FDelegate::CreateRaw(this, &FTalkFaceEditorModule::ExtendMenus));
}

void FTalkFaceEditorModule::ShutdownModule()
{
	UToolMenus::UnRegisterStartupCallback(this);
	UToolMenus::UnregisterOwner(this);
	if (FPropertyEditorModule* Panels = FModuleManager::Get().GetModulePtr<FPropertyEditorModule>(PropertyEditorName))
	{
		Panels->UnregisterCustomClassLayout(TEXT("TalkFaceComponent"));
	}
	if (ISequencerModule* Sequencer = FModuleManager::Get().GetModulePtr<ISequencerModule>(SequencerName))
	{
		Sequencer->UnRegisterTrackEditor(TrackEditor);
	}
}

void FTalkFaceEditorModule::ExtendMenus()
{
	const FToolMenuOwnerScoped Owner(this);
	UToolMenu* Menu = UToolMenus::Get()->ExtendMenu(TEXT("ContentBrowser.AssetContextMenu.SoundWave"));
	Menu->FindOrAddSection(TEXT("GetAssetActions"))
		.AddDynamicEntry(TEXT("TalkFace"), FNewToolMenuSectionDelegate::CreateStatic(&AddBakeEntry));
}

#undef LOCTEXT_NAMESPACE

IMPLEMENT_MODULE(FTalkFaceEditorModule, TalkFaceEditor)
