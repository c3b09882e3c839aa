// The functions that onnx_web.h declares: all go to the object that the page gives as `Module.host`
// (python/talkface/viewer/web/demo/src/host.js). Those that answer later unwind the C++ stack meanwhile.
mergeInto(LibraryManager.library, {
  talkface_onnx_version: function () {
    return Module["host"].version();
  },
  talkface_onnx_open__deps: ["$Asyncify"],
  talkface_onnx_open: function (graph, size, axes, session) {
    return Asyncify.handleAsync(() => Module["host"].open(graph, size, axes, session));
  },
  talkface_onnx_run__deps: ["$Asyncify"],
  talkface_onnx_run: function (session, inputs, inputCount, outputs, outputCount) {
    return Asyncify.handleAsync(() => Module["host"].run(session, inputs, inputCount, outputs, outputCount));
  },
  talkface_onnx_ports: function (session) {
    return Module["host"].ports(session);
  },
  talkface_onnx_close: function (session) {
    Module["host"].close(session);
  },
  talkface_file_size: function (name) {
    return Module["host"].size(name);
  },
  talkface_file_read: function (name, offset, destination, count) {
    return Module["host"].read(name, offset, destination, count);
  },
});
