import type { ReactNode } from "react";
import type { Config } from "../../api/shape";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Info.module.css";
import { List, Part } from "./Part";

/** What is kept of an interview and who gets what, by the settings of this deployment. */
export function Privacy({ config }: { config: Config | null }) {
  return (
    <div className={styles.page}>
      <PageTitle tab="Privacy" className={styles.title}>
        Privacy
      </PageTitle>
      {config ? (
        <Settings config={config} />
      ) : (
        <p className={styles.lead}>
          The settings of this site are not loaded yet. This page is filled from them.
        </p>
      )}
    </div>
  );
}

function Settings({ config }: { config: Config }) {
  const { page_contact: contact } = config;
  return (
    <>
      <p className={styles.lead}>This page is filled from the settings of this site.</p>
      <div className={styles.parts}>
        <Part title="What is kept" tone="yellow">
          <List
            items={[
              "The topic, the level, the language and the job description that you typed.",
              "The file of your CV, and the text that was read from it.",
              "What was said, as text with times, and the summary.",
              "A pseudonym of your internet address, which changes every day, to limit how many interviews are started from it.",
              "Sound, video and the picture of your camera are never stored.",
            ]}
          />
        </Part>
        <Part title="For how long" tone="lime">
          <List items={keeping(config)} />
        </Part>
        <Part title="Who gets what" tone="sky" wide>
          <dl>
            {receivers(config).map(({ name, gets }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{gets}</dd>
              </div>
            ))}
          </dl>
        </Part>
        <Part title="In your browser" tone="pink">
          <List
            items={[
              "There are no cookies of this site, and nothing counts visits.",
              "The browser stores the keys to your interviews, so that you find them on the start page. “Forget on this computer” there removes them.",
              "What you type on the start page is stored until the tab is closed or the interview begins, with the name of your CV’s file. The CV itself is not.",
              "A typed answer is stored until the interview has received it, and no longer than the tab is open.",
              "Your choices are stored: length, voice, pace and extra time; microphone, loudspeaker and camera; size of the captions and shortcuts. “Forget on this computer” removes the first four.",
            ]}
          />
        </Part>
        <Part title="Questions" tone="violet">
          {contact ? (
            <p>
              Write to <Contact to={contact} />.
            </p>
          ) : (
            <p>The operator of this site has not named a contact. Ask the person who sent you here.</p>
          )}
        </Part>
      </div>
    </>
  );
}

function keeping({ retention_days, backup_days }: Config): string[] {
  return [
    `An interview is deleted ${days(retention_days)} after it was created.`,
    "You can delete it earlier, on its results page. The page then lists what was deleted.",
    ...(backup_days === undefined
      ? []
      : backup_days > 0
        ? [`Backups keep what was deleted for ${days(backup_days)} more.`]
        : ["There are no backups."]),
  ];
}

/** Who gets data of the candidate, and who gets none although one might think so. */
function receivers(config: Config): { name: string; gets: ReactNode }[] {
  const { interviewer, avatar, stand_in, second_ear, app_check, sentry_dsn } = config;
  const gemini = interviewer === "gemini";
  const models = [config.live_model, config.text_model].filter(Boolean).join(", ");
  return [
    gemini
      ? {
          name: "Google Gemini",
          gets: `Your voice or typed answers, your CV and the job description. It asks the questions and writes the summary.${models ? ` Models: ${models}.` : ""}`,
        }
      : {
          name: "Nobody: the interviewer runs on this machine",
          gets: "Speech recognition, voice, questions and summary are made on the machine that serves this page.",
        },
    ...(gemini && second_ear
      ? [
          {
            name: "A second transcription, by Google Gemini",
            gets: "The sound of each spoken answer, once more, to find words that were misheard. It is not stored.",
          },
        ]
      : []),
    ...(avatar
      ? [
          stand_in
            ? {
                name: "A stand-in draws the interviewer's face",
                gets: "This site is a development site: the video is drawn on this machine, and nothing is sent for it.",
              }
            : {
                name: "Tavus and Daily, if you choose video",
                gets: "The interviewer's voice, and your internet address, because the video comes from Daily. Nothing that you say, and not your camera.",
              },
        ]
      : []),
    ...(app_check
      ? [
          {
            name: "Google reCAPTCHA (Firebase App Check)",
            gets: "When you start an interview it looks at your browser, to keep robots out. It may set cookies of Google's.",
          },
        ]
      : []),
    sentry_dsn
      ? {
          name: "Sentry",
          gets: "When the page or a server fails: the kind of error and its place in the code. No word that you wrote or said. It sees your internet address, as every server does.",
        }
      : { name: "No error reporting", gets: "The page doesn't report its errors to anyone." },
  ];
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

/** A link to an e-mail address or an https address; the plain text of anything else. */
function Contact({ to }: { to: string }) {
  if (/^https:\/\/\S+$/.test(to)) return <a href={to}>{to}</a>;
  if (/^[^@\s]+@[^@\s]+$/.test(to)) return <a href={`mailto:${to}`}>{to}</a>;
  return <>{to}</>;
}
