import { type ReactNode, useEffect } from "react";
import type { Config } from "../api/shape";
import { Link } from "../navigation/Link";
import type { Route } from "../navigation/route";
import styles from "./Shell.module.css";

const STEPS: { page: Route["page"]; name: string }[] = [
  { page: "setup", name: "Set up" },
  { page: "check", name: "Check" },
  { page: "room", name: "Interview" },
  { page: "results", name: "Results" },
];

/** The page's main colour, as the configuration has it. */
const COLOUR = /^#[0-9a-f]{6}$/;

interface ShellProps {
  page: Route["page"];
  config: Config | null;
  children: ReactNode;
}

/** What surrounds every page: the name, the steps, and who asks the questions. */
export function Shell({ page, config, children }: ShellProps) {
  const name = config?.page_name ?? "Interviewer";
  const colour = config?.page_colour;
  useEffect(() => {
    if (colour && COLOUR.test(colour)) document.documentElement.style.setProperty("--page-colour", colour);
  }, [colour]);
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          {page === "room" ? (
            <Brand name={name} />
          ) : (
            <Link to="/" className={styles.home} aria-label={`${name}, start page`}>
              <Brand name={name} />
            </Link>
          )}
          <ol className={styles.steps} aria-label="Steps">
            {STEPS.map((step, index) => (
              <li
                key={step.page}
                className={styles.step}
                aria-current={step.page === page ? "step" : undefined}
              >
                <span className={styles.number}>{index + 1}</span>
                <span className={styles.name}>{step.name}</span>
              </li>
            ))}
          </ol>
        </div>
        {config && <Who interviewer={config.interviewer} checked={config.app_check !== undefined} />}
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </>
  );
}

/** Who asks the questions. */
function Who({ interviewer, checked }: Pick<Config, "interviewer"> & { checked: boolean }) {
  return (
    <p className={styles.who} data-interviewer={interviewer}>
      {interviewer === "embedded" ? (
        <>
          <strong>Practice interviewer on this machine.</strong> No AI key is set: fixed rules ask the
          questions and write the summary.
        </>
      ) : (
        <>
          <strong>Google Gemini asks the questions</strong> and writes the summary. What you say and your CV
          are sent to it.
        </>
      )}
      {checked && " Google's reCAPTCHA looks at your browser when you start, to keep robots out."}
    </p>
  );
}

function Brand({ name }: { name: string }) {
  return (
    <span className={styles.brand}>
      <img src="/favicon.svg" alt="" width="34" height="34" />
      {name}
    </span>
  );
}
