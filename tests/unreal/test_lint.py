"""The plugin follows the engine's rules, and the linter notices each that is broken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import lint  # noqa: E402
import lint_modules  # noqa: E402

HEADER = """#pragma once

#include "CoreMinimal.h"
#include "Components/ActorComponent.h"
#include "Thing.generated.h"

class USoundWave;

/** Kinds. */
UENUM(BlueprintType)
enum class EThing : uint8
{
	One
};

/** A component. */
UCLASS(ClassGroup = (Thing))
class THING_API UThing : public UActorComponent
{
	GENERATED_BODY()

public:
	/** A sound. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Thing", meta = (ClampMin = "0"))
	TObjectPtr<USoundWave> Sound;

	UFUNCTION(BlueprintCallable, Category = "Thing")
	void Say(int32 Times);

private:
	UFUNCTION()
	void OnSaid();

	TWeakObjectPtr<USoundWave> Heard;
	int32 Count = 0;
};

/** Plain. */
struct FThingOptions
{
	int32 Count = 1;
	FRotator Turn = FRotator(0.0, 0.0, 0.0);
	bool IsNone() const { return Count == 0; }
};

THING_API bool Work(const FThingOptions& Options);
"""
SOURCE = """#include "Thing.h"

#include "Sound/SoundWave.h"

#define LOCTEXT_NAMESPACE "Thing"

void UThing::Say(int32 Times)
{
	// try once more
	Count += Times;
	OnDone.AddDynamic(this, &UThing::OnSaid);
}

#undef LOCTEXT_NAMESPACE
"""
BUILD = """public class Thing : ModuleRules
{
	bEnableExceptions = false;
	bUseRTTI = false;
	PublicDependencyModuleNames.AddRange(new string[]
	{
		"Core",
		"CoreUObject",
		"Engine",
	});
}
"""
NAMES = {
    "header": "Thing/Public/Thing.h",
    "source": "Thing/Private/Thing.cpp",
    "build": "Thing/Thing.Build.cs",
}
FILES = dict(zip(NAMES.values(), (HEADER, SOURCE, BUILD), strict=True))


def test_the_plugin_has_no_problems() -> None:
    files = lint.read()
    assert lint.problems(files) == []
    assert sum(name.endswith(".Build.cs") for name in files) == 6


def test_a_right_module_passes() -> None:
    assert lint.problems(FILES) == []


BROKEN = {
    "generated_not_last": (
        "header", '#include "Components/ActorComponent.h"\n#include "Thing.generated.h"',
        '#include "Thing.generated.h"\n#include "Components/ActorComponent.h"', "last include"),
    "generated_missing": ("header", '#include "Thing.generated.h"\n', "", "must include Thing.gen"),
    "generated_of_another": ("header", "Thing.generated.h", "Other.generated.h", "must include Th"),
    "generated_in_source": (
        "source", '#include "Sound', '#include "Thing.generated.h"\n#include "Sound', "belong"),
    "pragma_once": ("header", "#pragma once\n", "", "#pragma once"),
    "class_prefix": ("header", "API UThing :", "API FThing :", "starts with U or A"),
    "struct_prefix": ("header", "struct FThingOptions", "struct Thing", "prefixes"),
    "enum_prefix": ("header", "enum class EThing", "enum class Thing", "starts with E"),
    "body_missing": ("header", "\tGENERATED_BODY()\n", "", "GENERATED_BODY() must come first"),
    "body_not_first": (
        "header", "\tGENERATED_BODY()\n\npublic:", "public:\n\tGENERATED_BODY()\n", "come first"),
    "api_of_another": ("header", "class THING_API", "class OTHER_API", "this module has THING_API"),
    "api_missing": ("header", "class THING_API UThing", "class UThing", "needs THING_API"),
    "function_api_missing": ("header", "THING_API bool Work", "bool Work", "Work needs THING_API"),
    "property_missing": (
        "header", "\tTWeakObjectPtr<USoundWave> Heard", "\tTObjectPtr<USoundWave> Heard",
        "UPROPERTY is missing"),
    "properties_missing": (
        "header", "\tTWeakObjectPtr<USoundWave> Heard", "\tTArray<TObjectPtr<USoundWave>> Heard",
        "UPROPERTY is missing"),
    "raw_pointer": (
        "header", "TWeakObjectPtr<USoundWave> Heard", "USoundWave* Heard = nullptr",
        "hold the object by TObjectPtr"),
    "raw_pointer_marked": (
        "header", "TObjectPtr<USoundWave> Sound", "USoundWave* Sound", "hold the object by"),
    "pointer_in_plain_struct": (
        "header", "\tint32 Count = 1;", "\tTObjectPtr<USoundWave> Kept;", "without UPROPERTY"),
    "std_in_property": (
        "header", "TObjectPtr<USoundWave> Sound", "std::vector<float> Sound", "knows none of std"),
    "shared_in_property": (
        "header", "TObjectPtr<USoundWave> Sound", "TSharedPtr<FThingOptions> Sound", "knows none"),
    "category": (
        "header", '(BlueprintCallable, Category = "Thing")', "(BlueprintCallable)", "a Category"),
    "unsigned_in_blueprint": ("header", "Say(int32 Times)", "Say(uint32 Times)", "Blueprints have"),
    "parameter_named_as_property": (
        "header", "Say(int32 Times)", "Say(const USoundWave* Sound = nullptr)", "named as UPROP"),
    "enum_size": ("header", "EThing : uint8", "EThing", "must be : uint8"),
    "handler": ("header", "\tUFUNCTION()\n", "", "must be a UFUNCTION"),
    "throws": ("source", "Count += Times;", "throw Times;", "without exceptions"),
    "rtti": ("source", "Count += Times;", "dynamic_cast<UThing*>(this);", "run-time types"),
    "own_header": (
        "source", '#include "Thing.h"\n\n#include "Sound/SoundWave.h"',
        '#include "Sound/SoundWave.h"\n\n#include "Thing.h"', "first include"),
    "text_namespace": ("source", "#undef LOCTEXT_NAMESPACE\n", "", "undefined again"),
    "length": ("source", "\tCount += Times;\n", "\tCount += Times;\n" * 400, "more than 400 lines"),
    "module_missing": ("build", '\t\t"Engine",\n', "", "Engine must be a public dependency"),
    "module_unused": ("build", '"Engine",', '"Engine",\n\t\t"Sequencer",', "be left out"),
    "module_too_public": (
        "header", '#include "Components/ActorComponent.h"\n', "", "must be a private one"),
    "core_missing": ("build", '\t\t"CoreUObject",\n', "", "CoreUObject is missing"),
    "exceptions_on": ("build", "bEnableExceptions = false;", "", "bEnableExceptions = false; is"),
    "rtti_on": ("build", "bUseRTTI = false;", "bUseRTTI = true;", "bUseRTTI = false; is missing"),
    "unknown_include": ("source", "Sound/SoundWave.h", "Sound/Wave.h", "no module has"),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_noticed(rule: str) -> None:
    file, old, new, says = BROKEN[rule]
    name = NAMES[file]
    assert old in FILES[name]
    found = lint.problems({**FILES, name: FILES[name].replace(old, new, 1)})
    assert any(says in line for line in found), found


def test_a_public_dependency_may_be_of_a_source_alone() -> None:
    source = SOURCE.replace("Sound/SoundWave.h", "HAL/FileManager.h")
    assert lint.problems({**FILES, NAMES["source"]: source}) == []


def test_what_the_editor_modifies_is_in_a_transaction() -> None:
    right = '\tconst FScopedTransaction Undo(LOCTEXT("A", "A"));\n\tSound->Modify();\n'
    build = BUILD.replace('"Engine",', '"Engine",\n\t\t"UnrealEd",')

    def found(body: str, rules: str) -> list[str]:
        source = SOURCE.replace("\tCount += Times;\n", body)
        problems = lint.problems({**FILES, NAMES["source"]: source, NAMES["build"]: rules})
        return [line for line in problems if "FScopedTransaction" in line]

    assert found(right, build) == []
    assert len(found("\tSound->Modify();\n", build)) == 1
    assert found("\tSound->Modify();\n", BUILD) == []


def test_comments_are_not_read() -> None:
    files = {**FILES, NAMES["source"]: SOURCE.replace("once more", "throw, dynamic_cast, catch")}
    assert lint.problems(files) == []
    assert lint.bare('a /* b\n c */ "// d" // e') == 'a \n "// d"  '


def test_a_module_without_a_build_file_is_noticed() -> None:
    files = {name: text for name, text in FILES.items() if name != NAMES["build"]}
    assert lint_modules.problems(files) == ["Thing: a module without a Build.cs"]


def test_private_and_public_at_once_is_noticed() -> None:
    build = BUILD + 'PrivateDependencyModuleNames.Add("Engine");\n'
    found = lint.problems({**FILES, NAMES["build"]: build})
    assert "Thing/Thing.Build.cs: Engine is both public and private" in found


def test_main_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {**FILES, NAMES["source"]: SOURCE + "throw;\n"}
    monkeypatch.setattr(lint, "read", lambda: broken)
    assert lint.main() == 1
    assert "without exceptions" in capsys.readouterr().out
