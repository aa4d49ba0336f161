import { outline } from "../figure/mouth";
import type { Pose } from "../figure/pose";

/** The face in the stand-in's picture: flat colours and a thick line, as everywhere on the page. */

const INK = "#0b0b0b";
const WHITE = "#fff";
const WALL = "#b9a2ff";
const LAMP = "#ffd60a";
const BOARD = "#8e74e8";
const JUMPER = "#ff9447";
const COLLAR = "#f57a22";
const SKIN = "#b8754a";
const SHADE = "#9a5c36";
const CHEEK = "#cf7f5a";
const HAIR = "#2b1a2f";
const THROAT = "#5a1020";
const TONGUE = "#ff6f91";

/** The head is drawn in a space of this height, in the middle of the picture. */
const HEIGHT = 440;
const MIDDLE = 201;
/** Where the head turns: in the neck. */
const NECK = 320;

/** Its own name, and what it is: nobody should take it for the interviewer. */
export const PLATE = "Juno, a stand-in";

/** Where a shelf is on each side; a picture that is cut to a square does not show them. */
const SHELVES = [-206, 518];

/** Curls: where each is, and how large. */
const CURLS: [x: number, y: number, radius: number][] = [
  [106, 190, 26],
  [102, 148, 32],
  [122, 104, 36],
  [160, 74, 38],
  [202, 62, 40],
  [244, 74, 38],
  [282, 104, 36],
  [302, 148, 32],
  [298, 190, 26],
];
const FRINGE: [x: number, y: number, radius: number][] = [
  [138, 118, 24],
  [170, 100, 26],
  [206, 96, 26],
  [240, 102, 26],
  [268, 120, 22],
];
const BOOKS: [x: number, y: number, width: number, height: number, colour: string][] = [
  [-186, 178, 20, 92, "#ff7ac6"],
  [-166, 192, 16, 78, WHITE],
  [-150, 170, 22, 100, "#79cbff"],
  [530, 186, 22, 84, "#b6f23a"],
  [552, 172, 16, 98, "#ff6b5e"],
  [568, 190, 20, 80, WHITE],
];

/** Returns a function that draws the whole picture with the face in a pose. */
export function painter(
  canvas: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
): (pose: Pose) => void {
  const scale = height / HEIGHT;
  const shapes = makeShapes();
  return (pose) => {
    canvas.setTransform(1, 0, 0, 1, 0, 0);
    canvas.fillStyle = WALL;
    canvas.fillRect(0, 0, width, height);
    canvas.setTransform(scale, 0, 0, scale, width / 2 - MIDDLE * scale, 0);
    canvas.lineJoin = "round";
    canvas.lineCap = "round";
    canvas.strokeStyle = INK;
    drawRoom(canvas);
    canvas.save();
    canvas.translate(0, -pose.breath * 1.2);
    drawBody(canvas, shapes);
    canvas.restore();
    canvas.save();
    canvas.translate(MIDDLE, NECK - pose.lift - pose.breath * 1.5);
    canvas.rotate((pose.tilt * Math.PI) / 180);
    canvas.translate(-MIDDLE, -NECK);
    drawHead(canvas, shapes, pose);
    canvas.restore();
    drawPlate(canvas);
  };
}

/** The name plate, in the middle: a picture that is cut to a square shows it too. */
function drawPlate(canvas: CanvasRenderingContext2D): void {
  canvas.fillStyle = INK;
  canvas.fillRect(MIDDLE - 112, 388, 224, 38);
  canvas.fillStyle = LAMP;
  canvas.font = '700 23px "Space Grotesk Variable", sans-serif';
  canvas.textAlign = "center";
  canvas.fillText(PLATE, MIDDLE, 415, 200);
}

function makeShapes() {
  return {
    jumper: new Path2D("M14 460C14 376 74 350 150 330H252C328 350 388 376 388 460Z"),
    neck: new Path2D("M166 268H236V338C236 356 166 356 166 338Z"),
    shadow: new Path2D("M168 298C188 318 214 318 234 298V318C214 336 188 336 168 318Z"),
    collar: new Path2D("M154 322C176 342 226 342 248 322L256 352C228 376 174 376 146 352Z"),
    face: new Path2D(
      "M112 170C112 112 146 84 202 84C258 84 292 112 292 170V214C292 276 252 312 202 312C150 312 112 276 112 214Z",
    ),
    nose: new Path2D("M204 204C214 222 216 232 198 234"),
    teeth: new Path2D("M-44-26H44V8H-44Z"),
  };
}

type Shapes = ReturnType<typeof makeShapes>;

function drawRoom(canvas: CanvasRenderingContext2D): void {
  circle(canvas, MIDDLE, 236, 206, LAMP, 9);
  for (const [x, y, width, height, colour] of BOOKS) {
    canvas.fillStyle = colour;
    canvas.lineWidth = 6;
    canvas.beginPath();
    canvas.rect(x, y, width, height);
    canvas.fill();
    canvas.stroke();
  }
  for (const x of SHELVES) {
    canvas.fillStyle = BOARD;
    canvas.lineWidth = 7;
    canvas.beginPath();
    canvas.rect(x, 270, 90, 16);
    canvas.fill();
    canvas.stroke();
  }
}

function drawBody(canvas: CanvasRenderingContext2D, { jumper, neck, shadow, collar }: Shapes): void {
  shape(canvas, jumper, JUMPER, 9);
  shape(canvas, neck, SKIN, 9);
  canvas.fillStyle = SHADE;
  canvas.fill(shadow);
  shape(canvas, collar, COLLAR, 9);
}

function drawHead(
  canvas: CanvasRenderingContext2D,
  { face, nose, teeth }: Shapes,
  { mouth, gaze, lids, brows }: Pose,
): void {
  curls(canvas, CURLS);
  for (const x of [108, 296]) circle(canvas, x, 208, 19, SKIN, 8);
  shape(canvas, face, SKIN, 9);
  for (const x of [140, 264]) circle(canvas, x, 246, 17, CHEEK, 0);
  curls(canvas, FRINGE);
  for (const x of [158, 246]) drawEye(canvas, x, gaze, lids);
  drawBrows(canvas, brows);
  canvas.lineWidth = 8;
  canvas.stroke(nose);

  canvas.save();
  canvas.translate(202, 261);
  const lips = new Path2D(outline(mouth));
  canvas.save();
  canvas.clip(lips);
  canvas.fillStyle = THROAT;
  canvas.fillRect(-60, -40, 120, 120);
  canvas.fillStyle = TONGUE;
  canvas.beginPath();
  canvas.ellipse(0, 60 - 26 * mouth.open, 26, 18, 0, 0, 2 * Math.PI);
  canvas.fill();
  canvas.fillStyle = WHITE;
  canvas.fill(teeth);
  canvas.restore();
  canvas.lineWidth = 8;
  canvas.stroke(lips);
  canvas.restore();
}

/** Overlapping curls: all outlines first, then the hair over them. */
function curls(canvas: CanvasRenderingContext2D, all: typeof CURLS): void {
  for (const [x, y, radius] of all) circle(canvas, x, y, radius + 4.5, INK, 0);
  for (const [x, y, radius] of all) circle(canvas, x, y, radius - 4.5, HAIR, 0);
}

function drawEye(canvas: CanvasRenderingContext2D, x: number, gaze: Pose["gaze"], lids: number): void {
  const y = 190;
  const open = 19 * (1 - lids);
  const edge = new Path2D();
  canvas.lineWidth = 7;
  if (open < 3) {
    edge.arc(x, y - 12, 24, 0.25 * Math.PI, 0.75 * Math.PI);
    canvas.stroke(edge);
    return;
  }
  edge.ellipse(x, y, 23, open, 0, 0, 2 * Math.PI);
  canvas.fillStyle = WHITE;
  canvas.fill(edge);
  canvas.save();
  canvas.clip(edge);
  circle(canvas, x + gaze.x * 9, y + gaze.y * 8, 13, INK, 0);
  circle(canvas, x + gaze.x * 9 + 5, y + gaze.y * 8 - 5, 4.5, WHITE, 0);
  canvas.restore();
  canvas.stroke(edge);
}

function drawBrows(canvas: CanvasRenderingContext2D, brows: number): void {
  const up = 150 - 7 * brows;
  canvas.lineWidth = 11;
  for (const [from, to] of [
    [130, 178],
    [272, 226],
  ] as const) {
    canvas.beginPath();
    canvas.moveTo(from, up + 3 - 3 * brows);
    canvas.quadraticCurveTo((from + to) / 2, up - 14, to, up - 2);
    canvas.stroke();
  }
}

function circle(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  line: number,
): void {
  canvas.beginPath();
  canvas.arc(x, y, radius, 0, 2 * Math.PI);
  canvas.fillStyle = colour;
  canvas.fill();
  if (line === 0) return;
  canvas.lineWidth = line;
  canvas.stroke();
}

function shape(canvas: CanvasRenderingContext2D, path: Path2D, colour: string, line: number): void {
  canvas.fillStyle = colour;
  canvas.fill(path);
  canvas.lineWidth = line;
  canvas.stroke(path);
}
