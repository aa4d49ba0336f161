import { useEffect, useRef } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Microphone as MicrophoneIcon } from "../../ui/icons";
import { Notice } from "../../ui/Notice";
import { adviceFor, browserOf } from "./advice";
import styles from "./Check.module.css";
import { Level } from "./Level";
import { RecordingPart } from "./RecordingPart";
import type { MicrophoneControl } from "./useMicrophone";
import type { SpeakerControl } from "./useSpeaker";

interface MicrophonePanelProps {
  control: MicrophoneControl;
  /** Plays what was recorded. */
  speaker: Pick<SpeakerControl, "open">;
}

/** Turns on the microphone and shows that it works, or what to do when it does not. */
export function MicrophonePanel({ control, speaker }: MicrophonePanelProps) {
  const { state, devices, open } = control;
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (state.is !== "off" && document.activeElement === document.body) heading.current?.focus();
  }, [state.is]);

  return (
    <Card
      tone={state.is === "on" ? "lime" : "white"}
      className={styles.microphone}
      aria-labelledby="microphone"
    >
      <h2 ref={heading} id="microphone" tabIndex={-1} className={styles.heading}>
        <MicrophoneIcon /> Microphone
      </h2>
      {state.is === "off" && (
        <>
          <p>
            You answer by speaking. Your browser will ask whether this page may use your microphone: choose
            Allow.
          </p>
          <Button tone="yellow" size="large" onClick={() => void open()}>
            Turn on the microphone
          </Button>
        </>
      )}
      {state.is === "asking" && (
        <Notice tone="warning" title="Your browser is asking">
          <p>Choose Allow in the box at the top of the window.</p>
        </Notice>
      )}
      {state.is === "on" && (
        <>
          <Level microphone={state.microphone} />
          <Field label="Choose a microphone">
            {(wiring) => (
              <select
                {...wiring}
                value={state.microphone.deviceId}
                onChange={(event) => void open(event.target.value)}
              >
                {!devices.some(({ id }) => id === state.microphone.deviceId) && (
                  <option value={state.microphone.deviceId}>{state.microphone.label || "Microphone"}</option>
                )}
                {devices.map(({ id, label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <RecordingPart key={state.microphone.deviceId} microphone={state.microphone} speaker={speaker} />
        </>
      )}
      {state.is === "trouble" && <Trouble control={control} trouble={state.trouble} />}
    </Card>
  );
}

function Trouble({
  control,
  trouble,
}: {
  control: MicrophoneControl;
  trouble: Parameters<typeof adviceFor>[0];
}) {
  const advice = adviceFor(trouble, browserOf(navigator.userAgent));
  return (
    <Notice
      tone="error"
      title={advice.title}
      actions={advice.again && <Button onClick={() => void control.open()}>Try again</Button>}
    >
      <ol className={styles.steps}>
        {advice.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>You can also type your answers.</p>
    </Notice>
  );
}
