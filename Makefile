# One-line targets. VENV holds everything; `make demo` and `make test` need only what README names.
VENV ?= .venv
PYTHON ?= python3
PY := $(VENV)/bin/python
PRESET ?= release
SOURCES := pyproject.toml CMakeLists.txt \
	$(shell find cpp cmake python export -type f -not -name '*.pyc' -not -name '*.so')
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help setup demo setup-dev setup-train setup-release build test test-cpp test-python sanitize check lint tidy fmt \
	fuzz parity bench golden bundle references windows wheel sdk viewer web-demo test-unreal unreal-package \
	test-unity unity-package docs docs-site clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

$(PY):
	$(PYTHON) -m venv $(VENV)

setup: $(VENV)/.setup  ## install talkface into .venv
$(VENV)/.setup: $(SOURCES) | $(PY)
	$(PY) -m pip install --quiet ".[plot]"
	touch $@

demo: setup  ## install, then animate examples/speech.wav into out/
	mkdir -p out
	$(VENV)/bin/talkface animate examples/speech.wav -o out/speech.csv
	$(VENV)/bin/talkface plot examples/speech.wav -o out/speech.png

setup-dev: $(VENV)/.dev
$(VENV)/.dev: $(SOURCES) | $(PY)
	$(PY) -m pip install --quiet ".[dev]"
	touch $@

setup-train: $(VENV)/.train  ## what training and its tests need beside torch (install a torch build first)
$(VENV)/.train: $(SOURCES) | $(PY)
	$(PY) -m pip install --quiet ".[dev,train,ssl,docs]"
	touch $@ $(VENV)/.dev

build: setup-dev  ## C++ library, tools and tests
	cmake --preset $(PRESET) > build-configure.log || (cat build-configure.log; false)
	rm build-configure.log
	cmake --build --preset $(PRESET)

test: test-cpp test-python  ## all tests

test-cpp: build
	TALKFACE_ONNXRUNTIME=$$($(PY) -c "from talkface import runtime; print(runtime.onnxruntime_library())") \
		ctest --preset $(PRESET)

test-python: build
	OMP_NUM_THREADS=1 TALKFACE_BUILD=build/$(PRESET) $(PY) -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile

sanitize:  ## C++ tests under address, undefined-behaviour and thread sanitizers
	$(MAKE) test-cpp PRESET=asan-ubsan
	$(MAKE) test-cpp PRESET=tsan

fuzz: build  ## property and fuzz tests with new random inputs at each run
	HYPOTHESIS_PROFILE=default TALKFACE_BUILD=build/$(PRESET) $(PY) -m pytest tests/fuzz tests/python tests/parity

parity: build  ## the laws alone
	TALKFACE_BUILD=build/$(PRESET) $(PY) -m pytest tests/parity

check: lint test  ## lint and test

lint: setup-dev  ## ruff, mypy, clang-format
	ruff check python export tests examples docs/site
	ruff format --check python export tests examples docs/site
	mypy
	clang-format --dry-run --Werror $$(git ls-files '*.cpp' '*.hpp' '*.h' '*.c')

tidy:  ## clang-tidy over the library (needs Debian's clang-tidy)
	cmake --preset dev > /dev/null
	run-clang-tidy -p build/dev -quiet 'cpp/(src|tools)/.*'

fmt: setup-dev  ## format everything
	ruff format python export tests examples
	clang-format -i $$(git ls-files '*.cpp' '*.hpp' '*.h' '*.c')

bench: setup  ## speed, latency and memory on this machine
	$(VENV)/bin/talkface bench

golden: setup-dev  ## remake the tiny bundles and golden poses
	$(PY) -m pip install --quiet onnx
	$(PY) tests/golden/make_tiny.py
	$(PY) tests/golden/make_tiny_emotion.py

bundle: setup-train  ## train the default bundle from nothing (see docs/training.md)
	$(PY) -m talkface_export.make_bundle

references: setup-train  ## refit the probe and the baselines of `talkface evaluate`
	$(PY) -m talkface_train.references --out build/references

windows:  ## cross-compile for Windows with mingw-w64 and run its tests under wine
	tests/windows/packages.sh
	$(MAKE) setup
	cmake --preset release > /dev/null
	cmake --build --preset release --target talkface_pose
	$(PY) tests/windows/check.py

setup-release: $(VENV)/.release
$(VENV)/.release: $(SOURCES) | $(PY)
	$(PY) -m pip install --quiet ".[release]"
	touch $@

wheel: setup-release  ## a repaired wheel in dist/, tried in a clean environment
	$(PY) tests/wheel/check.py

sdk:  ## dist/talkface-sdk-VERSION.zip for engines: headers, libraries, bundles, examples
	tests/windows/packages.sh
	$(MAKE) setup-release
	$(PY) tests/sdk/make.py
	$(PY) tests/sdk/check.py

viewer:  ## rebuild the page of `talkface view` from its sources (needs Node)
	cd python/talkface/viewer/web && npm ci --no-audit --no-fund && npm run build

WEB_DEMO := python/talkface/viewer/web/demo
web-demo:  ## dist/web-demo/: the viewer as static files that run the bundle in the browser, tried
	tests/web/packages.sh
	$(MAKE) setup
	$(PY) -m pip install --quiet "pytest>=8" "hypothesis>=6" playwright
	cmake --preset web > /dev/null
	cmake --build --preset web
	npm ci --prefix $(WEB_DEMO) --no-audit --no-fund
	node $(WEB_DEMO)/build.mjs build/web/cpp/web \
		$$($(PY) -c "import onnxruntime, os; print(os.path.dirname(onnxruntime.__file__))") dist/web-demo
	$(PY) -m pytest tests/web

test-unreal:  ## tests of the Unreal plugin, without an engine
	tests/unreal/packages.sh
	$(MAKE) setup
	$(PY) -m pip install --quiet "pytest>=8" "hypothesis>=6"
	$(PY) -m pytest tests/unreal

unreal-package: sdk  ## dist/TalkFace-unreal-VERSION.zip, for a project's Plugins
	tests/unreal/packages.sh
	$(PY) tests/unreal/package.py

test-unity:  ## the Unity package's C#, compiled by mcs and run by mono (no editor)
	tests/unity/packages.sh
	$(MAKE) setup-dev
	$(PY) -m pytest tests/unity

unity-package:  ## dist/com.talkface.unity-VERSION.tgz for Unity's Package Manager
	tests/windows/packages.sh
	tests/unity/packages.sh
	$(MAKE) setup-release
	$(PY) tests/unity/package.py
	$(PY) tests/unity/check.py

docs: setup  ## remake the pictures of the documentation
	$(VENV)/bin/talkface plot examples/speech.wav -o docs/images/speech.png

docs-site: setup-dev  ## the documentation as a site, in site/
	$(PY) -m pip install --quiet ".[docs]"
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict -f docs/site/mkdocs.yml

clean:
	rm -rf build dist out site
