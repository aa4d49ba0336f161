import { useEffect, useId, useRef } from "react";
import type { Speaker } from "../audio/speaker";
import styles from "./Figure.module.css";
import { outline } from "./mouth";
import { type Activity, HEARD, idling, nextPose, type Pose, REST } from "./pose";

const CLOSED = outline(REST.mouth);

interface FigureProps {
  activity: Activity;
  /** Moves the lips. */
  speaker: Pick<Speaker, "level" | "brightness">;
  /** How loud the candidate is, 0..1; the head nods. */
  candidate: () => number;
  /** It doesn't move, as with the system's reduced motion. */
  still?: boolean;
}

/** The interviewer, drawn. The lips follow the sound that is played. It is updated once a frame, without React. */
export function Figure({ activity, speaker, candidate, still = false }: FigureProps) {
  const svg = useRef<SVGSVGElement>(null);
  const clip = useId();
  const latest = useRef({ activity, speaker, candidate, still });
  useEffect(() => {
    latest.current = { activity, speaker, candidate, still };
  }, [activity, speaker, candidate, still]);

  useEffect(() => {
    if (!svg.current) return;
    const draw = pencil(svg.current);
    const reduced = window.matchMedia("(prefers-reduced-motion: reduce)");
    const began = performance.now();
    let pose = REST;
    let last = began;
    const idle = idling();
    let frame = requestAnimationFrame(function next(now) {
      const { activity, speaker, candidate, still } = latest.current;
      const level = speaker.level();
      const loud = candidate();
      const cue = {
        activity,
        level,
        brightness: speaker.brightness(),
        candidate: loud,
        resting: idle(activity, level > 0 || loud > HEARD, now),
        still: still || reduced.matches,
      };
      // After a pause of the tab the motion goes on where it was.
      pose = nextPose(pose, cue, (now - began) / 1000, Math.min(0.1, (now - last) / 1000));
      last = now;
      draw(pose);
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, []);

  return (
    <svg
      ref={svg}
      className={styles.figure}
      viewBox="0 0 400 440"
      preserveAspectRatio="xMidYMax meet"
      data-activity={activity}
      data-still={still || undefined}
      data-mouth="closed"
      aria-hidden="true"
    >
      <defs>
        <clipPath id={`${clip}lens`}>
          <circle cx="156" cy="190" r="35" />
          <circle cx="246" cy="190" r="35" />
        </clipPath>
        <clipPath id={`${clip}mouth`}>
          <path data-part="lips" d={CLOSED} />
        </clipPath>
        <clipPath id={`${clip}frame`}>
          <path d="M-60-60H460V440H-60Z" />
        </clipPath>
      </defs>
      <g clipPath={`url(#${clip}frame)`}>
        <circle className={styles.sun} cx="201" cy="262" r="196" />
        <g data-part="body">
          <path className={styles.jacket} d="M22 452C22 368 82 342 150 326H250C318 342 378 368 378 452Z" />
          <path className={styles.shirt} d="M152 325L201 404L250 325Z" />
          <path className={styles.skin} d="M168 268H234V330C234 352 168 352 168 330Z" />
          <path className={styles.shade} d="M170 300C190 318 214 318 232 300V318C214 334 190 334 170 318Z" />
          <path className={styles.lapel} d="M150 326L126 352L150 372L138 392L201 448L201 404Z" />
          <path className={styles.lapel} d="M250 326L276 352L252 372L264 392L201 448L201 404Z" />
          <circle className={styles.badge} cx="92" cy="404" r="17" />
          <path className={styles.tick} d="M84 404L90 411L101 397" />
        </g>
        <g data-part="head">
          <path
            className={styles.hair}
            d="M84 268C62 120 110 54 202 54C296 54 342 122 318 268C316 288 290 294 276 284H126C110 294 88 288 84 268Z"
          />
          <circle className={styles.hair} cx="214" cy="42" r="33" />
          <path className={styles.gleam} d="M198 34C202 26 212 22 222 26" />
          <path
            className={styles.skin}
            d="M112 166C112 100 146 82 202 82C258 82 290 100 290 166V214C290 276 252 308 202 308C150 308 112 276 112 214Z"
          />
          <circle className={styles.cheek} cx="136" cy="244" r="17" />
          <circle className={styles.cheek} cx="266" cy="244" r="17" />
          <path
            className={styles.hair}
            d="M108 176C100 100 148 66 206 68C266 68 302 104 294 172C287 134 270 113 248 103C216 121 164 119 136 114C122 128 112 150 108 176Z"
          />
          <path className={styles.gleam} d="M232 84C250 88 264 96 272 108" />
          <g data-part="brow-left">
            <path className={styles.brow} d="M130 148C142 138 164 136 178 143" />
          </g>
          <g data-part="brow-right">
            <path className={styles.brow} d="M224 143C238 136 260 138 272 148" />
          </g>
          <circle className={styles.lens} cx="156" cy="190" r="36" />
          <circle className={styles.lens} cx="246" cy="190" r="36" />
          <g clipPath={`url(#${clip}lens)`}>
            <g data-part="eyes">
              <circle className={styles.iris} cx="157" cy="191" r="16" />
              <circle className={styles.iris} cx="245" cy="191" r="16" />
              <circle className={styles.glint} cx="163" cy="184" r="5.5" />
              <circle className={styles.glint} cx="251" cy="184" r="5.5" />
            </g>
            <g data-part="lids" transform="translate(0 -94)">
              <path className={styles.lid} d="M108 150H294V240H108Z" />
              <path
                className={styles.lash}
                d="M126 198C138 212 172 212 186 198M216 198C230 212 264 212 276 198"
              />
            </g>
          </g>
          <circle className={styles.rim} cx="156" cy="190" r="36" />
          <circle className={styles.rim} cx="246" cy="190" r="36" />
          <path className={styles.rim} d="M192 186C196 179 206 179 210 186M120 184L110 178M282 184L292 178" />
          <path className={styles.nose} d="M203 206C211 220 212 228 198 231" />
          <g transform="translate(202 262)">
            <path className={styles.throat} data-part="lips" d={CLOSED} />
            <g clipPath={`url(#${clip}mouth)`}>
              <ellipse className={styles.tongue} data-part="tongue" cx="0" cy="60" rx="26" ry="18" />
              <path className={styles.teeth} data-part="teeth" d="M-44-26H44V8H-44Z" />
            </g>
            <path className={styles.lips} data-part="lips" d={CLOSED} />
          </g>
          <circle className={styles.earring} cx="101" cy="262" r="11" />
          <circle className={styles.earring} cx="302" cy="262" r="11" />
        </g>
        <g data-part="thought" className={styles.thought}>
          <circle cx="322" cy="96" r="8" />
          <circle cx="344" cy="70" r="12" />
          <circle cx="374" cy="36" r="17" />
        </g>
      </g>
    </svg>
  );
}

/** Finds the parts of the drawing once, and returns a function that puts them into a pose. */
function pencil(svg: SVGSVGElement): (pose: Pose) => void {
  const parts = (name: string) => [...svg.querySelectorAll<SVGElement>(`[data-part="${name}"]`)];
  const move = (name: string) => {
    const found = parts(name);
    return (transform: string) => {
      for (const part of found) part.setAttribute("transform", transform);
    };
  };
  const [body, head, eyes, lids, tongue] = [
    move("body"),
    move("head"),
    move("eyes"),
    move("lids"),
    move("tongue"),
  ];
  const [left, right] = [move("brow-left"), move("brow-right")];
  const lips = parts("lips");

  return ({ mouth, lids: down, gaze, brows, tilt, lift, breath }) => {
    const d = outline(mouth);
    for (const path of lips) path.setAttribute("d", d);
    svg.dataset.mouth = mouth.shape;
    const up = lift + breath * 1.5;
    body(`translate(0 ${(-breath * 1.2).toFixed(2)})`);
    head(`translate(0 ${(-up).toFixed(2)}) rotate(${tilt.toFixed(2)} 201 320)`);
    eyes(`translate(${(gaze.x * 11).toFixed(2)} ${(gaze.y * 11).toFixed(2)})`);
    lids(`translate(0 ${(-94 * (1 - down)).toFixed(2)})`);
    tongue(`translate(0 ${(-26 * mouth.open).toFixed(2)})`);
    left(`translate(0 ${(-7 * brows).toFixed(2)}) rotate(${(-3 * brows).toFixed(2)} 154 140)`);
    right(`translate(0 ${(-7 * brows).toFixed(2)}) rotate(${(3 * brows).toFixed(2)} 248 140)`);
  };
}
