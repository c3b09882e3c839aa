/* An onnxruntime.dll that must never be loaded: it leaves a mark when it is. */
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID reserved) {
  (void)library;
  (void)reserved;
  if (reason == DLL_PROCESS_ATTACH) {
    HANDLE file =
        CreateFileA("C:\\decoy-was-loaded", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  }
  return TRUE;
}

__declspec(dllexport) const void* OrtGetApiBase(void) { return NULL; }
