import { Figure } from "../../figure/Figure";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Hero.module.css";

const WAVE = [30, 62, 100, 48, 80, 36, 92, 54, 70, 26];

/** The figure says nothing here. */
const SILENT = { level: () => 0, brightness: () => 0 };

interface HeroProps {
  /** Until they are known, their place is kept. */
  minutes: number | null;
  /** As in the first picture: without the drawing, which phones don't show. */
  first?: boolean;
}

/** What the site is for. */
export function Hero({ minutes, first = false }: HeroProps) {
  return (
    <div className={styles.hero}>
      <div className={styles.inner}>
        <div className={styles.text}>
          <PageTitle tab="Set up your interview" className={styles.title}>
            Say it out loud <span className={styles.mark}>before it counts.</span>
          </PageTitle>
          <p className={styles.lead}>
            A spoken interview on any topic, at your level. One question at a time, then an honest summary
            with your own words as evidence.{" "}
            <span className={minutes ? undefined : styles.unknown}>
              {Math.round(minutes ?? 25)} minutes at most.
            </span>
          </p>
        </div>
        <div className={styles.art} aria-hidden="true">
          {!first && (
            <>
              <p className={styles.question}>Why that design? And what would you change today?</p>
              <div className={styles.figure}>
                <Figure activity="listening" speaker={SILENT} candidate={() => 0} />
              </div>
              <p className={styles.answer}>
                {WAVE.map((height, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a fixed drawing
                  <span key={index} className={styles.bar} style={{ height: `${height}%` }} />
                ))}
              </p>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
