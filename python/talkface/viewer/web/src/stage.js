/* The head in space: morph targets by name, the head's turn, lights, camera. */
import {
  AmbientLight, Box3, Color, DirectionalLight, Group, NeutralToneMapping, PCFShadowMap,
  PerspectiveCamera, PMREMGenerator, Quaternion, Scene, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { RoomEnvironment } from "three/examples/jsm/environments/RoomEnvironment.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { plainName } from "./names.js";

const SLOW_MS = 40, HIDDEN_MS = 1000, LEAST = 0.75;
const INSIDE = /teeth|tongue|gum/i; // materials that little light of the room reaches
const SHOTS = { front: [0, 0.06, 1], side: [1, 0.06, 0.05], quarter: [0.62, 0.08, 0.8] };

function lamp(colour, power, place) {
  const light = new DirectionalLight(new Color(colour), power);
  light.position.set(...place);
  return light;
}

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.toneMappingExposure = 1.0;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(24, 1, 0.05, 20);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    this.controls.addEventListener("change", () => { this.dirty = true; });
    this.light();
    this.meshes = [];
    this.targets = new Map();
    this.dirty = true;
    this.last = null;
    this.pace = 0;
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
  }

  light() {
    const room = new PMREMGenerator(this.renderer);
    this.scene.environment = room.fromScene(new RoomEnvironment(), 0.06).texture;
    this.scene.environmentIntensity = 0.42;
    room.dispose();
    const key = lamp("#fff0de", 2.1, [0.55, 0.75, 1.0]);
    key.castShadow = true;
    key.shadow.mapSize.set(1024, 1024);
    key.shadow.bias = -0.0004;
    key.shadow.normalBias = 0.004;
    key.shadow.radius = 5;
    Object.assign(key.shadow.camera, { left: -0.3, right: 0.3, top: 0.3, bottom: -0.3, near: 0.2, far: 3 });
    this.scene.add(
      key, lamp("#cfe0ff", 0.55, [-1.0, 0.2, 0.7]), lamp("#eaf2ff", 1.5, [-0.5, 0.7, -1.0]),
      lamp("#ffd9c2", 0.7, [0.9, 0.3, -0.8]), new AmbientLight(new Color("#fff4ec"), 0.25),
    );
  }

  /* Shows a GLB. Returns which of `channels` its morph targets carry. */
  async load(buffer, channels) {
    const { scene } = await new GLTFLoader().parseAsync(buffer, "");
    const wanted = new Map(channels.map((name) => [plainName(name), name]));
    this.head = null;
    scene.traverse((node) => {
      if (!this.head && /^(head|neck)$/i.test(node.name) && !node.isSkinnedMesh) this.head = node;
      if (!node.isMesh) return;
      node.castShadow = node.receiveShadow = true;
      if (INSIDE.test(node.material.name)) {
        node.receiveShadow = false;
        node.material.color.multiplyScalar(0.75);
        node.material.envMap = this.scene.environment;
        node.material.envMapIntensity = 0.15;
      }
      node.frustumCulled = false;
      for (const [name, index] of Object.entries(node.morphTargetDictionary || {})) {
        const channel = wanted.get(plainName(name));
        if (!channel) continue;
        if (!this.targets.has(channel)) this.targets.set(channel, []);
        this.targets.get(channel).push([node.morphTargetInfluences, index]);
      }
    });
    if (!this.head) {
      this.head = new Group();
      this.head.add(...scene.children);
      scene.add(this.head);
    }
    this.rest = { turn: this.head.quaternion.clone(), place: this.head.position.clone() };
    this.scene.add(scene);
    const box = new Box3().setFromObject(this.head);
    this.size = box.getSize(new Vector3()).y;
    this.middle = box.getCenter(new Vector3());
    this.middle.x = 0;
    this.shot("front");
    this.resize();
    return channels.filter((name) => this.targets.has(name));
  }

  /* A camera's place: "front", "quarter" or "side". */
  shot(name) {
    const away = this.size * 2.5;
    this.controls.target.copy(this.middle);
    this.controls.minDistance = this.size * 1.2;
    this.controls.maxDistance = this.size * 8;
    this.camera.position.set(...SHOTS[name]).normalize().multiplyScalar(away).add(this.middle);
    this.controls.update();
    this.dirty = true;
  }

  /* Weights by position of `channels`, head rotation x y z w and translation in metres. */
  show(channels, { weights, rotation, translation }) {
    channels.forEach((name, k) => {
      for (const [influences, index] of this.targets.get(name) || []) influences[index] = weights[k];
    });
    if (this.head) {
      this.head.quaternion.copy(this.rest.turn).premultiply(new Quaternion(...rotation));
      this.head.position.copy(this.rest.place).add(new Vector3(...translation));
    }
    this.dirty = true;
  }

  /* What the meshes show: the influence of each channel's morph target. */
  influences() {
    return Object.fromEntries([...this.targets].map(([name, [[values, index]]]) => [name, values[index]]));
  }

  /* Where a point of the head, given at rest, is now. */
  where(point) {
    this.head.updateWorldMatrix(true, false);
    return new Vector3(...point).sub(this.rest.place).applyQuaternion(this.rest.turn.clone().invert())
      .applyMatrix4(this.head.matrixWorld).toArray();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.ratio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.fov = width < height ? 24 * Math.min(height / width, 1.8) : 24;
    this.camera.updateProjectionMatrix();
    this.dirty = true;
  }

  /* Draws when something changed. Where pictures follow one another slowly, with fewer pixels. */
  draw() {
    if (!this.dirty) {
      this.last = null;
      return;
    }
    this.dirty = false;
    this.renderer.render(this.scene, this.camera);
    const now = performance.now(), passed = this.last === null ? 0 : now - this.last;
    this.last = now;
    if (passed === 0 || passed > HIDDEN_MS) return;
    this.pace = 0.9 * this.pace + 0.1 * passed;
    if (this.pace > SLOW_MS && this.ratio > LEAST) {
      this.ratio = Math.max(LEAST, this.ratio * 0.7);
      this.pace = 0;
      this.resize();
    }
  }
}
