import type { Config } from "../../api/shape";
import { Link } from "../../navigation/Link";
import { PageTitle } from "../../ui/PageTitle";
import styles from "./Info.module.css";
import { List, Part } from "./Part";

/** How an interview goes, and what to do when something doesn't work. */
export function Help({ config }: { config: Config | null }) {
  const embedded = config?.interviewer === "embedded";
  const minutes = config ? `It takes ${Math.round(config.interview_minutes)} minutes at most.` : "";
  return (
    <div className={styles.page}>
      <PageTitle tab="Help" className={styles.title}>
        Help
      </PageTitle>
      <p className={styles.lead}>
        Here you practise a job interview out loud. The interviewer asks one question at a time and listens.
        Afterwards you get a written summary. {minutes}
      </p>
      <div className={styles.parts}>
        <Part title="Before" tone="yellow">
          <List
            items={[
              "Find a quiet room. Headphones work best; without them the browser removes the interviewer's voice from your microphone.",
              "Choose a topic and a level. A CV and a job description are optional. With them, the questions are about your own work and that job.",
              "When you choose a CV, you see the text that the interviewer will get. You can correct or shorten it.",
              "The check page shows whether your microphone works. You can record three seconds and listen to them; the recording stays in your browser. Without a microphone, you type your answers.",
            ]}
          />
        </Part>
        <Part title="During" tone="sky">
          <List
            items={[
              "Speak when the page says it is your turn. You may interrupt the interviewer.",
              "“Let me think” keeps the interviewer quiet until you are ready. The clock stops meanwhile, for up to five minutes in all.",
              "You can ask to hear a question again, ask what it means, or ask for a different one.",
              "You can type an answer at any time.",
              "If the connection fails, the page reconnects by itself. If you close the page, open this site again in the same browser: the start page lists your interview. Its clock keeps running.",
            ]}
          />
        </Part>
        <Part title="After" tone="lime">
          <List
            items={[
              embedded
                ? "The summary describes how your answers are built. Fixed rules write it, and it makes no judgement."
                : "The summary quotes what you said. Every quote is checked against the transcript.",
              "You can download the summary and the transcript. Misheard words can be corrected, once.",
              "“Practise again” asks different questions on the same topic. “Practise this question again” is three minutes on one of them.",
              "“Delete everything” on the results page deletes the interview at once.",
            ]}
          />
        </Part>
        <Part title="What goes where" tone="pink">
          <List
            items={[
              embedded
                ? "Your voice and your CV are processed on this site's server, and go nowhere else."
                : "Your voice, your CV and the job description go to Google Gemini, which asks the questions and writes the summary.",
              ...(config?.avatar
                ? ["The interviewer's voice goes to the service that shows its face. Your voice does not."]
                : []),
              "Your camera picture stays in your browser.",
              "Sound and video are not stored. The text of what was said is.",
              <>
                The <Link to="/privacy">privacy page</Link> has the full list, and says how long everything is
                kept.
              </>,
            ]}
          />
        </Part>
        <Part title="If something doesn't work" wide>
          <dl>
            <div>
              <dt>Chrome and Edge: the microphone is blocked</dt>
              <dd>Click the icon left of the address, set Microphone to “Allow”, and reload the page.</dd>
            </div>
            <div>
              <dt>Firefox: the microphone is blocked</dt>
              <dd>
                Click the crossed-out microphone left of the address, remove “Blocked”, reload, and allow it
                when asked. Tick “Remember this decision”, or Firefox asks again after a reload.
              </dd>
            </div>
            <div>
              <dt>Safari on a Mac</dt>
              <dd>
                Safari → Settings → Websites → Microphone: choose “Allow” for this site. If you hear nothing,
                set Auto-Play for this site to “Allow All Auto-Play”.
              </dd>
            </div>
            <div>
              <dt>iPhone and iPad</dt>
              <dd>
                Tap the icon beside the address → Website Settings → Microphone → Allow. Turn the silent
                switch off. Keep the page in front, and the phone unlocked.
              </dd>
            </div>
            <div>
              <dt>Android</dt>
              <dd>
                Tap the icon left of the address → Permissions → Microphone. If it isn't listed, allow it for
                the browser in the phone's settings.
              </dd>
            </div>
            <div>
              <dt>Windows or macOS: the browser has no microphone</dt>
              <dd>
                Windows: Settings → Privacy & security → Microphone. macOS: System Settings → Privacy &
                Security → Microphone. Turn it on for your browser, then restart the browser.
              </dd>
            </div>
            <div>
              <dt>The interviewer doesn't hear me</dt>
              <dd>
                Look at the level while you speak. If it doesn't move, choose another microphone on the check
                page, or look for a mute switch on the headset. A call in another app may be using the
                microphone.
              </dd>
            </div>
            <div>
              <dt>I hear nothing</dt>
              <dd>
                Play the test sound on the check page. Check that the tab isn't muted, and that your system
                uses the right output. The captions show every question too.
              </dd>
            </div>
            <div>
              <dt>It keeps losing the connection</dt>
              <dd>
                Move closer to the router, or use a cable. Company networks sometimes block the connection
                that this page needs (WebSocket): try another network, such as your phone's.
              </dd>
            </div>
          </dl>
        </Part>
      </div>
    </div>
  );
}
