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
          This page is filled in from this site's settings, which have not loaded yet.
        </p>
      )}
    </div>
  );
}

function Settings({ config }: { config: Config }) {
  const { page_contact: contact } = config;
  return (
    <>
      <p className={styles.lead}>This page is filled in from this site's settings.</p>
      <div className={styles.parts}>
        <Part title="What is kept" tone="yellow">
          <List
            items={[
              "The topic, the level, the language and the job description that you entered.",
              "Your CV file, and the text that was read from it.",
              "What was said, as text with times, and the summary.",
              "A code for your internet address, which changes every day, to limit how many interviews are started from it.",
              "Sound, video and your camera picture are never stored.",
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
              "This site sets no cookies and does not count visits.",
              "The browser stores the keys to your interviews, with their topics, practised questions and names, so that you find them on the start page. “Forget on this device” there removes them.",
              "What you type on the start page is stored until the tab is closed or the interview begins, with the file name of your CV. The CV itself is not.",
              "A typed answer is stored until the interview has received it or the tab is closed.",
              "Your choices are stored: length, voice, pace and extra time; microphone, loudspeaker and camera; caption size and shortcuts. “Forget on this device” removes the first four.",
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
    "You can delete it sooner on its results page, which then lists what was deleted.",
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
          name: "Nobody: the interviewer runs on this site's server",
          gets: "Speech recognition, voice, questions and summary are all made there.",
        },
    ...(gemini && second_ear
      ? [
          {
            name: "A second transcription, by Google Gemini",
            gets: "The sound of each spoken answer, a second time, to find misheard words. It is not stored.",
          },
        ]
      : []),
    ...(avatar
      ? [
          stand_in
            ? {
                name: "A stand-in draws the interviewer's face",
                gets: "This is a development site: the video is drawn on its own server, and nothing is sent anywhere for it.",
              }
            : {
                name: "Tavus and Daily, if you choose video",
                gets: "The interviewer's voice, and your internet address, because the video comes from Daily. Nothing that you say, and no camera picture.",
              },
        ]
      : []),
    ...(app_check
      ? [
          {
            name: "Google reCAPTCHA (Firebase App Check)",
            gets: "When you start an interview, it checks your browser to keep bots out. It may set Google cookies.",
          },
        ]
      : []),
    sentry_dsn
      ? {
          name: "Sentry",
          gets: "When the page or a server fails: the kind of error and where in the code it happened. Nothing that you wrote or said. It sees your internet address, as every server does.",
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
