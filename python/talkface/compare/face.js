"use strict";
/* A schematic face from ARKit weights. Units: 400 x 460, origin in the middle of the face, y down.
   The character's left is the viewer's right: side +1. */

const SKIN = "#e8c4a8", LINE = "#5b4034", LIP = "#b8605c", DARK = "#3a1714";
const TEETH = "#f6f2ea", TONGUE = "#c9706f", BROW = "#4a3527", IRIS = "#46627a";
const SIDES = [["Right", -1], ["Left", 1]];

function shape(ctx, fill, stroke, width, path) {
  ctx.beginPath();
  path();
  if (fill) { ctx.fillStyle = fill; ctx.fill(); }
  if (stroke) { ctx.strokeStyle = stroke; ctx.lineWidth = width; ctx.stroke(); }
}

function outline(ctx, w) {
  const chin = 150 + 34 * w("jawOpen"), aside = 16 * (w("jawLeft") - w("jawRight"));
  const cheek = 116 + 16 * w("cheekPuff"), jaw = 58 + 8 * w("jawForward");
  shape(ctx, SKIN, LINE, 2, () => {
    ctx.moveTo(-118, -40);
    ctx.bezierCurveTo(-118, -200, 118, -200, 118, -40);
    ctx.bezierCurveTo(118, 20, cheek, 60, cheek - 8, 85);
    ctx.bezierCurveTo(cheek - 18, 130, aside + jaw, chin, aside, chin);
    ctx.bezierCurveTo(aside - jaw, chin, 18 - cheek, 130, 8 - cheek, 85);
    ctx.bezierCurveTo(-cheek, 60, -118, 20, -118, -40);
    ctx.closePath();
  });
}

function eye(ctx, w, name, side) {
  const shut = Math.min(1, w("eyeBlink" + name)), squint = w("eyeSquint" + name);
  const raised = w("cheekSquint" + name);
  const top = (13 + 6 * w("eyeWide" + name) - 4 * squint) * (1 - shut) - 5 * shut;
  const bottom = (9 - 4 * squint - 3 * raised) * (1 - shut) + 5 * shut;
  const across = side * (w("eyeLookOut" + name) - w("eyeLookIn" + name));
  const down = w("eyeLookDown" + name) - w("eyeLookUp" + name);
  ctx.save();
  ctx.translate(side * 50, -38);
  const lids = () => {
    ctx.moveTo(-25, 0);
    ctx.quadraticCurveTo(0, -1.6 * top, 25, 0);
    ctx.quadraticCurveTo(0, 1.6 * bottom, -25, 0);
    ctx.closePath();
  };
  if (top + bottom > 0.5) {
    ctx.save();
    shape(ctx, "#fff", null, 0, lids);
    ctx.clip();
    shape(ctx, IRIS, null, 0, () => ctx.ellipse(11 * across, 8 * down, 10, 10, 0, 0, 7));
    shape(ctx, "#15191d", null, 0, () => ctx.ellipse(11 * across, 8 * down, 4.5, 4.5, 0, 0, 7));
    ctx.restore();
  }
  shape(ctx, null, LINE, 3, () => { ctx.moveTo(-26, 0); ctx.quadraticCurveTo(0, -1.6 * top, 26, 0); });
  shape(ctx, null, LINE, 1.2, () => { ctx.moveTo(-25, 0); ctx.quadraticCurveTo(0, 1.6 * bottom, 25, 0); });
  if (raised + squint > 0.1) {
    shape(ctx, null, LINE, Math.min(1.5, raised + squint), () => {
      ctx.moveTo(-20, 18 - 4 * raised);
      ctx.quadraticCurveTo(0, 24 - 6 * raised, 20, 18 - 4 * raised);
    });
  }
  ctx.restore();
}

function brow(ctx, w, name, side) {
  const down = w("browDown" + name), inner = w("browInnerUp"), outer = w("browOuterUp" + name);
  const innerX = side * (24 - 5 * down), innerY = -70 - 18 * inner + 13 * down;
  const middleY = -84 - 8 * inner - 12 * outer + 9 * down, outerY = -70 - 15 * outer + 4 * down;
  shape(ctx, null, BROW, 7, () => {
    ctx.moveTo(innerX, innerY);
    ctx.quadraticCurveTo(side * 52, middleY, side * 82, outerY);
  });
}

function nose(ctx, w) {
  for (const [name, side] of SIDES) {
    const sneer = w("noseSneer" + name);
    shape(ctx, null, LINE, 2, () => {
      ctx.moveTo(side * 4, 32);
      ctx.quadraticCurveTo(side * 19, 36 - 4 * sneer, side * 16, 20 - 7 * sneer);
    });
    if (sneer > 0.08) {
      shape(ctx, null, LINE, 1.5 * Math.min(1, sneer), () => {
        ctx.moveTo(side * 10, -14 - 4 * sneer);
        ctx.lineTo(side * 20, -6 - 6 * sneer);
        ctx.moveTo(side * 24, 20 - 6 * sneer);
        ctx.lineTo(side * 36, 44);
      });
    }
  }
}

/* Corners, and edges of both lips at a third of the way from either corner. */
function mouthShape(w) {
  const jaw = w("jawOpen"), round = w("mouthPucker"), funnel = w("mouthFunnel");
  const closing = Math.min(1, w("mouthClose") / Math.max(jaw, 0.05));
  const shift = 16 * (w("mouthLeft") - w("mouthRight")) + 10 * (w("jawLeft") - w("jawRight"));
  const seam = 92 + 8 * jaw * closing - 4 * (w("mouthShrugUpper") + w("mouthShrugLower"));
  const made = { shift };
  for (const [name, side] of SIDES) {
    const smile = w("mouthSmile" + name), frown = w("mouthFrown" + name);
    const press = w("mouthPress" + name);
    const wide = 40 + 12 * smile + 9 * w("mouthStretch" + name) + 6 * w("mouthDimple" + name) + 2 * frown;
    const x = side * (wide - 17 * round - 12 * funnel - 5 * jaw * (1 - closing));
    const open = 54 * jaw * (1 - closing);
    const upper = seam - 9 * w("mouthUpperUp" + name) - 6 * funnel + 3 * w("mouthRollUpper");
    const lower = seam + open + 9 * w("mouthLowerDown" + name) + 6 * funnel - 3 * w("mouthRollLower");
    made[name] = {
      x: shift + x,
      y: 92 + 0.4 * open + 4 * jaw - 15 * smile + 13 * frown + 3 * w("mouthStretch" + name),
      upper, lower: Math.max(upper, lower),
      thickUpper: Math.max(1, 10 + 5 * (round + funnel) - 9 * w("mouthRollUpper") - 4 * press),
      thickLower: Math.max(1, 13 + 5 * (round + funnel) - 11 * w("mouthRollLower") - 5 * press),
    };
  }
  return made;
}

function mouth(ctx, w) {
  const at = mouthShape(w), { Right: r, Left: l } = at, jaw = w("jawOpen");
  const edge = (from, to, a, b) =>
    ctx.bezierCurveTo(from.x + 0.45 * (at.shift - from.x), a, to.x + 0.45 * (at.shift - to.x), b, to.x, to.y);
  const ring = (up, down) => {
    ctx.moveTo(r.x, r.y);
    edge(r, l, r.upper - up * r.thickUpper, l.upper - up * l.thickUpper);
    edge(l, r, l.lower + down * l.thickLower, r.lower + down * r.thickLower);
    ctx.closePath();
  };
  ctx.save();
  ctx.translate(0, 92);
  ctx.scale(1.25, 1.25);
  ctx.translate(0, -92);
  shape(ctx, LIP, null, 0, () => ring(1.3, 1.3));
  const gap = Math.max(r.lower - r.upper, l.lower - l.upper);
  if (gap > 0.8) {
    ctx.save();
    shape(ctx, DARK, null, 0, () => ring(0, 0));
    ctx.clip();
    const reach = w("tongueOut"), middle = (r.lower + l.lower) / 2;
    shape(ctx, TONGUE, null, 0, () => ctx.ellipse(at.shift, middle + 10 - 18 * reach, 24, 16, 0, 0, 7));
    shape(ctx, TEETH, null, 0, () => ctx.ellipse(at.shift, 86, 30, 12, 0, 0, 7));
    shape(ctx, TEETH, null, 0, () => ctx.ellipse(at.shift, 102 + 34 * jaw, 24, 8, 0, 0, 7));
    ctx.restore();
  }
  shape(ctx, null, DARK, 1.5, () => ring(0, 0));
  if (w("tongueOut") > 0.15) {
    const y = (r.lower + l.lower) / 2;
    shape(ctx, TONGUE, LINE, 1, () => ctx.ellipse(at.shift, y, 15, 18 * w("tongueOut"), 0, 0, 7));
  }
  for (const [name, side] of SIDES) {
    const fold = Math.max(w("mouthSmile" + name), w("mouthDimple" + name), w("mouthStretch" + name));
    if (fold > 0.1) {
      shape(ctx, null, LINE, 1.5 * fold, () => {
        ctx.moveTo(at[name].x + side * 10, at[name].y - 14);
        ctx.quadraticCurveTo(at[name].x + side * 17, at[name].y, at[name].x + side * 10, at[name].y + 12);
      });
    }
  }
  ctx.restore();
}

/* Draws weights by name (0 to 1) and head angles (turn, nod, tilt in radians) on a canvas. */
function drawFace(ctx, weights, [turn, nod, tilt]) {
  const w = (name) => weights[name] || 0;
  ctx.clearRect(0, 0, 400, 460);
  ctx.save();
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.translate(200, 430);
  ctx.rotate(-tilt);
  ctx.translate(40 * Math.sin(turn), 40 * Math.sin(nod) - 190);
  outline(ctx, w);
  ctx.translate(60 * Math.sin(turn), 60 * Math.sin(nod));
  nose(ctx, w);
  for (const [name, side] of SIDES) {
    eye(ctx, w, name, side);
    brow(ctx, w, name, side);
  }
  mouth(ctx, w);
  ctx.restore();
}
