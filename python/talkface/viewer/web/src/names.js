/* A blendshape's name in one spelling: `head.eyeBlink_L`, `EyeBlinkLeft` and `Eye_Blink_L` are one. */
export function plainName(name) {
  return name
    .slice(name.lastIndexOf(".") + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/left$/, "l")
    .replace(/right$/, "r");
}

/* "lower_smoothing_ms" as people read it, with its unit apart. */
export function readable(name) {
  const unit = name.endsWith("_ms") ? "ms" : "";
  const words = name.replace(/_ms$/, "").replace(/_/g, " ");
  return { label: words[0].toUpperCase() + words.slice(1), unit };
}
