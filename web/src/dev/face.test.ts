import { beforeEach, expect, it, vi } from "vitest";
import { mouthFor, outline } from "../figure/mouth";
import { type Pose, REST } from "../figure/pose";
import { PLATE, painter } from "./face";

/** Shapes that remember how they were made; the tests' DOM draws nothing. */
class Shape {
  readonly calls: unknown[][] = [];

  constructor(readonly d = "") {}

  arc(...given: unknown[]): void {
    this.calls.push(["arc", ...given]);
  }

  ellipse(...given: unknown[]): void {
    this.calls.push(["ellipse", ...given]);
  }
}

/** A sheet that notes what is done to it. */
function sheet() {
  const done: [string, ...unknown[]][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void done.push([name, ...given]);
  const canvas = new Proxy({} as Record<string, unknown>, {
    get: (target, name: string) => target[name] ?? note(name),
  });
  return { canvas: canvas as unknown as CanvasRenderingContext2D, done };
}

beforeEach(() => {
  vi.stubGlobal("Path2D", Shape);
});

function draw(pose: Partial<Pose>) {
  const { canvas, done } = sheet();
  painter(canvas, { width: 1280, height: 720 })({ ...REST, ...pose });
  return done;
}

const shapes = (done: ReturnType<typeof draw>, name: string) =>
  done.filter(([each]) => each === name).map(([, shape]) => shape as Shape);

it("fills the whole picture, and leaves no transformation behind", () => {
  const { canvas, done } = sheet();
  const paint = painter(canvas, { width: 1280, height: 720 });
  paint(REST);
  const once = done.length;
  expect(done.slice(0, 2)).toEqual([
    ["setTransform", 1, 0, 0, 1, 0, 0],
    ["fillRect", 0, 0, 1280, 720],
  ]);
  expect(shapes(done, "save")).toHaveLength(shapes(done, "restore").length);
  paint(REST);
  expect(done.slice(once)).toEqual(done.slice(0, once));
});

it("has the lips of its pose, drawn and clipped alike", () => {
  const mouth = mouthFor(0.9, 0.35);
  const done = draw({ mouth });
  for (const name of ["stroke", "clip"]) {
    expect(shapes(done, name).map((shape) => shape?.d)).toContain(outline(mouth));
  }
  expect(shapes(draw({}), "stroke").map((shape) => shape?.d)).not.toContain(outline(mouth));
});

it("opens and shuts its eyes", () => {
  const eyes = (lids: number) =>
    shapes(draw({ lids }), "stroke").flatMap((shape) => shape?.calls.map(([how]) => how) ?? []);
  expect(eyes(0)).toEqual(["ellipse", "ellipse"]);
  expect(eyes(1)).toEqual(["arc", "arc"]);
});

it("leans its head", () => {
  expect(draw({ tilt: 90 })).toContainEqual(["rotate", Math.PI / 2]);
});

it("has a name plate that says what it is, inside the middle square of the picture", () => {
  const [, text, x, y, width] = draw({}).find(([name]) => name === "fillText") ?? [];
  expect(text).toBe(PLATE);
  expect(PLATE).toMatch(/stand-in/);
  // The head's space is 440 high; a square of it reaches from -19 to 421.
  expect(
    [Number(x) - Number(width) / 2, Number(x) + Number(width) / 2, Number(y)].every(
      (at) => at > -19 && at < 421,
    ),
  ).toBe(true);
});
