import { outline } from "../figure/mouth";
import type { Pose } from "../figure/pose";

/** A face for the stand-in's picture: flat colours and a thick line, as everything else on the page. */

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

/** Where a sessions hangs on each side; a picture that is cut to a square does without. */
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

/** Draws the face in a pose, the whole picture anew each time. */
export function painter(
  paper: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
): (pose: Pose) => void {
  const scale = height / HEIGHT;
  const shapes = makeShapes();
  return (pose) => {
    paper.setTransform(1, 0, 0, 1, 0, 0);
    paper.fillStyle = WALL;
    paper.fillRect(0, 0, width, height);
    paper.setTransform(scale, 0, 0, scale, width / 2 - MIDDLE * scale, 0);
    paper.lineJoin = "round";
    paper.lineCap = "round";
    paper.strokeStyle = INK;
    drawRoom(paper);
    paper.save();
    paper.translate(0, -pose.breath * 1.2);
    drawBody(paper, shapes);
    paper.restore();
    paper.save();
    paper.translate(MIDDLE, NECK - pose.lift - pose.breath * 1.5);
    paper.rotate((pose.tilt * Math.PI) / 180);
    paper.translate(-MIDDLE, -NECK);
    drawHead(paper, shapes, pose);
    paper.restore();
  };
}

function makeShapes() {
  return {
    jumper: new Path2D("M14 460C14 376 74 350 150 330H252C328 350 388 376 388 460Z"),
    neck: new Path2D("M166 268H236V338C236 356 166 356 166 338Z"),
    shadow: new Path2D("M168 298C188 318 214 318 234 298V318C214 336 188 336 168 318Z"),
    collar: new Path2D("M154 322C176 342 226 342 248 322L256 352C228 376 174 376 146 352Z"),
    avatar: new Path2D(
      "M112 170C112 112 146 84 202 84C258 84 292 112 292 170V214C292 276 252 312 202 312C150 312 112 276 112 214Z",
    ),
    nose: new Path2D("M204 204C214 222 216 232 198 234"),
    teeth: new Path2D("M-44-26H44V8H-44Z"),
  };
}

type Shapes = ReturnType<typeof makeShapes>;

function drawRoom(paper: CanvasRenderingContext2D): void {
  circle(paper, MIDDLE, 236, 206, LAMP, 9);
  for (const [x, y, width, height, colour] of BOOKS) {
    paper.fillStyle = colour;
    paper.lineWidth = 6;
    paper.beginPath();
    paper.rect(x, y, width, height);
    paper.fill();
    paper.stroke();
  }
  for (const x of SHELVES) {
    paper.fillStyle = BOARD;
    paper.lineWidth = 7;
    paper.beginPath();
    paper.rect(x, 270, 90, 16);
    paper.fill();
    paper.stroke();
  }
}

function drawBody(paper: CanvasRenderingContext2D, { jumper, neck, shadow, collar }: Shapes): void {
  shape(paper, jumper, JUMPER, 9);
  shape(paper, neck, SKIN, 9);
  paper.fillStyle = SHADE;
  paper.fill(shadow);
  shape(paper, collar, COLLAR, 9);
}

function drawHead(
  paper: CanvasRenderingContext2D,
  { avatar, nose, teeth }: Shapes,
  { mouth, gaze, lids, brows }: Pose,
): void {
  curls(paper, CURLS);
  for (const x of [108, 296]) circle(paper, x, 208, 19, SKIN, 8);
  shape(paper, avatar, SKIN, 9);
  for (const x of [140, 264]) circle(paper, x, 246, 17, CHEEK, 0);
  curls(paper, FRINGE);
  for (const x of [158, 246]) drawEye(paper, x, gaze, lids);
  drawBrows(paper, brows);
  paper.lineWidth = 8;
  paper.stroke(nose);

  paper.save();
  paper.translate(202, 261);
  const lips = new Path2D(outline(mouth));
  paper.save();
  paper.clip(lips);
  paper.fillStyle = THROAT;
  paper.fillRect(-60, -40, 120, 120);
  paper.fillStyle = TONGUE;
  paper.beginPath();
  paper.ellipse(0, 60 - 26 * mouth.open, 26, 18, 0, 0, 2 * Math.PI);
  paper.fill();
  paper.fillStyle = WHITE;
  paper.fill(teeth);
  paper.restore();
  paper.lineWidth = 8;
  paper.stroke(lips);
  paper.restore();
}

/** Curls that run into one another: their lines first, all around, and the hair over it. */
function curls(paper: CanvasRenderingContext2D, all: typeof CURLS): void {
  for (const [x, y, radius] of all) circle(paper, x, y, radius + 4.5, INK, 0);
  for (const [x, y, radius] of all) circle(paper, x, y, radius - 4.5, HAIR, 0);
}

function drawEye(paper: CanvasRenderingContext2D, x: number, gaze: Pose["gaze"], lids: number): void {
  const y = 190;
  const open = 19 * (1 - lids);
  const edge = new Path2D();
  paper.lineWidth = 7;
  if (open < 3) {
    edge.arc(x, y - 12, 24, 0.25 * Math.PI, 0.75 * Math.PI);
    paper.stroke(edge);
    return;
  }
  edge.ellipse(x, y, 23, open, 0, 0, 2 * Math.PI);
  paper.fillStyle = WHITE;
  paper.fill(edge);
  paper.save();
  paper.clip(edge);
  circle(paper, x + gaze.x * 9, y + gaze.y * 8, 13, INK, 0);
  circle(paper, x + gaze.x * 9 + 5, y + gaze.y * 8 - 5, 4.5, WHITE, 0);
  paper.restore();
  paper.stroke(edge);
}

function drawBrows(paper: CanvasRenderingContext2D, brows: number): void {
  const up = 150 - 7 * brows;
  paper.lineWidth = 11;
  for (const [from, to] of [
    [130, 178],
    [272, 226],
  ] as const) {
    paper.beginPath();
    paper.moveTo(from, up + 3 - 3 * brows);
    paper.quadraticCurveTo((from + to) / 2, up - 14, to, up - 2);
    paper.stroke();
  }
}

function circle(
  paper: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  line: number,
): void {
  paper.beginPath();
  paper.arc(x, y, radius, 0, 2 * Math.PI);
  paper.fillStyle = colour;
  paper.fill();
  if (line === 0) return;
  paper.lineWidth = line;
  paper.stroke();
}

function shape(paper: CanvasRenderingContext2D, path: Path2D, colour: string, line: number): void {
  paper.fillStyle = colour;
  paper.fill(path);
  paper.lineWidth = line;
  paper.stroke(path);
}
