import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Config } from "../../api/shape";
import type { Cv } from "../../api/types";
import { MAX_CODE } from "../../contract/limits.gen";
import { type Choices, saveChoices } from "../../session/choices";
import type { Draft } from "../../session/draft";
import { withoutRetake } from "../../session/retake";
import type { Session } from "../../session/session";
import type { StoredSession } from "../../session/store";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { classes } from "../../ui/classes";
import { Field } from "../../ui/Field";
import { Arrow } from "../../ui/icons";
import { ChoicesField } from "./ChoicesField";
import { CvPart } from "./CvPart";
import { Earlier } from "./Earlier";
import { History, type HistoryActions } from "./History";
import { JobField } from "./JobField";
import { LanguageField } from "./LanguageField";
import { LevelField } from "./LevelField";
import { Retake } from "./Retake";
import styles from "./Setup.module.css";
import { TopicField } from "./TopicField";
import { type ReadCv, useCvReading } from "./useCvReading";
import { type Faults, validate } from "./validate";
import { WithoutCv } from "./WithoutCv";

interface SetupProps {
  draft: Draft;
  /** Fields that the server refused at the start, and why. */
  refused: Faults;
  config: Config | null;
  earlier: StoredSession[];
  /** The interview that the draft retakes. */
  retaken: Session | null;
  readCv: ReadCv;
  /** What the server has read of the draft's CV. */
  cv: Cv | null;
  onRead: (file: File, cv: Cv) => void;
  /** Remove the earlier interviews and what was typed from this browser. */
  onForget: () => void;
  history: HistoryActions;
  onChange: (draft: Draft) => void;
  /** The form is complete; nothing has been sent yet. */
  onStart: () => void;
}

const FIELDS: (keyof Faults)[] = ["topic", "cv", "cv_text", "job", "code"];

/** The first page: topic, level, CV, language and job. */
export function Setup(props: SetupProps) {
  const {
    draft,
    refused,
    config,
    earlier,
    retaken,
    readCv,
    cv,
    onRead,
    onForget,
    history,
    onChange,
    onStart,
  } = props;
  const [faults, setFaults] = useState<Faults>(refused);
  const [target, setTarget] = useState<keyof Faults | null>(
    () => FIELDS.find((field) => refused[field]) ?? null,
  );
  const [listing, setListing] = useState(false);
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // A reading ends while the candidate types: its outcome changes the form as it is by then.
  const latest = useRef(draft);
  latest.current = draft;
  const cvReading = useCvReading(readCv, draft.cv, cv, {
    onRead,
    onRefused: (_, why) => chooseCv(null, why),
  });

  useEffect(() => {
    if (!target) return;
    form.current?.querySelector<HTMLElement>(`#${target}`)?.focus();
    setTarget(null);
  }, [target]);

  function change(part: Partial<Draft>, field?: keyof Faults, fault?: string): void {
    onChange({ ...latest.current, ...part });
    if (field) setFaults((before) => without(before, field, fault));
  }

  function chooseCv(next: File | null, fault?: string): void {
    // Changes belong to the file that they were made to.
    if (next !== latest.current.cv) change({ cv: next, cv_text: null }, "cv_text");
    if (latest.current.lost_cv) {
      const { lost_cv: _, ...rest } = latest.current;
      onChange({ ...rest, cv: next, cv_text: null });
    }
    setFaults((before) => without(before, "cv", fault));
  }

  function choose(choices: Choices): void {
    saveChoices(choices);
    change(choices);
  }

  // Why the CV that the candidate wanted to use is not there.
  const missing = draft.cv ? undefined : (faults.cv ?? (draft.lost_cv && lostWords(draft.lost_cv)));

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = validate(draft);
    setFaults(missing && faults.cv ? { ...found, cv: faults.cv } : found);
    const first = FIELDS.find((field) => found[field]);
    if (first) setTarget(first);
    else if (missing) setAsking(true);
    else onStart();
  }

  return (
    <>
      <div className={styles.page}>
        {draft.retake_of && (
          <Retake
            question={draft.retake_question?.question ?? null}
            earlier={retaken}
            hasCv={draft.cv !== null}
            onDrop={() => {
              setTarget("topic");
              onChange(withoutRetake(latest.current));
            }}
          />
        )}
        {earlier.length > 0 && (
          <Earlier sessions={earlier} onForget={onForget} onAll={() => setListing(true)} />
        )}
        <form ref={form} noValidate onSubmit={submit} className={styles.form} aria-label="Your interview">
          <Card as="div" className={styles.topic}>
            <TopicField
              topic={draft.skill_topic}
              error={faults.topic}
              onChange={(skill_topic) => change({ skill_topic }, "topic")}
            />
          </Card>
          <Card as="div" tone="sky" className={styles.level}>
            <LevelField level={draft.level} onChange={(level) => change({ level })} />
          </Card>
          <Card as="div" tone="pink" className={styles.cv}>
            <h2 className={styles.heading}>
              Your CV <span className={styles.note}>optional</span>
            </h2>
            <CvPart
              file={draft.cv}
              lost={draft.lost_cv}
              text={draft.cv_text}
              control={cvReading}
              fileError={faults.cv}
              textError={faults.cv_text}
              onFile={chooseCv}
              onText={(cv_text) => change({ cv_text }, "cv_text")}
            />
          </Card>
          <Card as="div" tone="lime" className={classes(styles.more, draft.cv && styles.short)}>
            <LanguageField
              language={draft.language}
              config={config}
              onChange={(language) => change({ language })}
            />
            {config && (
              <ChoicesField
                choices={draft}
                config={config}
                oneQuestion={draft.retake_question !== undefined && retaken !== null}
                onChange={choose}
              />
            )}
            <JobField
              text={draft.job_description}
              error={faults.job}
              onChange={(job_description) => change({ job_description }, "job")}
            />
            {(config?.start_code || refused.code) && (
              <Field
                id="code"
                label="Start code"
                error={faults.code}
                hint="From the person who sent you here."
              >
                {(wiring) => (
                  <input
                    {...wiring}
                    type="text"
                    autoComplete="off"
                    maxLength={MAX_CODE}
                    value={draft.start_code ?? ""}
                    onChange={(event) => change({ start_code: event.target.value }, "code")}
                  />
                )}
              </Field>
            )}
          </Card>
          <div className={styles.start}>
            <Button type="submit" tone="yellow" size="large" className={styles.go}>
              Start <Arrow />
            </Button>
            <div className={styles.small}>
              <p>
                <strong>Next: a quick device check.</strong> Nothing is saved until you begin.
              </p>
              <p>{retention(config)}</p>
              <p>
                Interviews in another browser?{" "}
                <button type="button" className={styles.link} onClick={() => setListing(true)}>
                  Import them
                </button>
              </p>
            </div>
          </div>
        </form>
      </div>
      <WithoutCv
        open={asking}
        why={missing ?? ""}
        onChoose={() => {
          setAsking(false);
          setTarget("cv");
        }}
        onGoOn={() => {
          const { lost_cv: _, ...rest } = latest.current;
          onChange(rest);
          onStart();
        }}
      />
      <History open={listing} sessions={earlier} actions={history} onClose={() => setListing(false)} />
    </>
  );
}

function lostWords(name: string): string {
  return `You chose ${name} before the page was reloaded, and have not chosen it again.`;
}

function retention(config: Config | null): string {
  const days = config
    ? `${config.retention_days} ${config.retention_days === 1 ? "day" : "days"}`
    : "a limited time";
  const backups = config?.backup_days ? ` Backups keep it for ${config.backup_days} more days.` : "";
  return `We keep your CV, the transcript and the summary for ${days}, then delete them. You can delete everything sooner.${backups}`;
}

function without(faults: Faults, field: keyof Faults, fault?: string): Faults {
  const { [field]: _, ...rest } = faults;
  return fault ? { ...rest, [field]: fault } : rest;
}
