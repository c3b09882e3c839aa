/* What the runtime asks of the page, as cpp/web/onnx_web.h declares it: graphs run in onnxruntime-web,
   one thread, and files of the bundle lie in `files`. Addresses are in the memory of `runtime`. */
import * as ort from "onnxruntime-web/wasm";

const WORDS = 4; // of a talkface_onnx_tensor

export class Host {
  /* `files`: a Map of names to Uint8Array. `wasm`: address of ONNX Runtime's own file. */
  constructor(files, wasm) {
    this.files = files;
    this.sessions = new Map();
    this.opened = 0;
    this.runtime = null;
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = { wasm };
  }

  /* A text that C++ frees. */
  text(value) {
    const size = this.runtime.lengthBytesUTF8(value) + 1;
    const at = this.runtime._malloc(size);
    this.runtime.stringToUTF8(value, at, size);
    return at;
  }

  async told(work) {
    try {
      await work();
      return 0;
    } catch (error) {
      return this.text(String(error?.message ?? error));
    }
  }

  version() {
    return this.text(ort.env.versions.web);
  }

  open(graph, size, axes, session) {
    return this.told(async () => {
      const made = await ort.InferenceSession.create(this.runtime.HEAPU8.slice(graph, graph + size), {
        executionProviders: ["wasm"],
        graphOptimizationLevel: "all",
        freeDimensionOverrides: JSON.parse(this.runtime.UTF8ToString(axes)),
      });
      this.opened += 1;
      this.sessions.set(this.opened, made);
      this.runtime.HEAP32[session >> 2] = this.opened;
    });
  }

  ports(session) {
    const { inputMetadata, outputMetadata } = this.sessions.get(session);
    const listed = (ports) => ports.map(({ name, type, shape }) => ({
      name, float: type === "float32", shape: (shape ?? []).map((size) => (typeof size === "number" ? size : -1)),
    }));
    return this.text(JSON.stringify({ inputs: listed(inputMetadata), outputs: listed(outputMetadata) }));
  }

  close(session) {
    this.sessions.get(session).release();
    this.sessions.delete(session);
  }

  run(session, inputs, inputCount, outputs, outputCount) {
    return this.told(async () => {
      const feeds = {};
      for (const { name, values, shape } of this.bound(inputs, inputCount)) {
        feeds[name] = new ort.Tensor("float32", values, shape);
      }
      const results = this.bound(outputs, outputCount);
      const made = await this.sessions.get(session).run(feeds, results.map(({ name }) => name));
      for (const { name, values } of results) values.set(made[name].data);
    });
  }

  bound(at, count) {
    const { HEAPU32, HEAP32, HEAPF32 } = this.runtime;
    return Array.from({ length: count }, (_, i) => {
      const [name, data, dims, rank] = HEAPU32.subarray((at >> 2) + WORDS * i);
      const shape = Array.from(HEAP32.subarray(dims >> 2, (dims >> 2) + rank));
      const length = shape.reduce((product, size) => product * size, 1);
      return {
        name: this.runtime.UTF8ToString(name), shape,
        values: HEAPF32.subarray(data >> 2, (data >> 2) + length),
      };
    });
  }

  size(name) {
    return this.files.get(this.runtime.UTF8ToString(name))?.length ?? -1;
  }

  read(name, offset, destination, count) {
    const file = this.files.get(this.runtime.UTF8ToString(name));
    if (!file) return -1;
    const part = file.subarray(offset, offset + count);
    this.runtime.HEAPU8.set(part, destination);
    return part.length;
  }
}
