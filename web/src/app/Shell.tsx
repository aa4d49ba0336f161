import { type ReactNode, useEffect } from "react";
import type { Config } from "../api/shape";
import { Link } from "../navigation/Link";
import type { Route } from "../navigation/route";
import { SiteName } from "../ui/PageTitle";
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
  /** As in the first picture: without the links below the page, which would jump. */
  first?: boolean;
  children: ReactNode;
}

/** What surrounds every page: the name, the steps, and who asks the questions. */
export function Shell({ page, config, first = false, children }: ShellProps) {
  const name = config?.page_name ?? "Interviewer";
  const colour = config?.page_colour;
  useEffect(() => {
    if (colour && COLOUR.test(colour)) document.documentElement.style.setProperty("--page-colour", colour);
  }, [colour]);
  return (
    <SiteName value={name}>
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
        <Who config={config} />
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {page !== "room" && !first && (
        <footer className={styles.footer}>
          <nav className={styles.links} aria-label="About this site">
            <Link to="/help">Help</Link>
            <Link to="/privacy">Privacy</Link>
          </nav>
        </footer>
      )}
    </SiteName>
  );
}

/** Who asks the questions. Until that is known the line is empty, and has its height already. */
function Who({ config }: { config: Config | null }) {
  return (
    <p className={styles.who} data-interviewer={config?.interviewer ?? ""}>
      <span className={config ? undefined : styles.unknown}>
        {config?.interviewer === "embedded" ? (
          <>
            <strong>Practice interviewer.</strong> Fixed rules ask the questions. What you say and your CV
            stay on this site's server.
          </>
        ) : (
          <>
            <strong>Google Gemini asks the questions</strong> and writes the summary. What you say and your CV
            are sent to it.
          </>
        )}
        {config?.app_check && " Google's reCAPTCHA checks your browser when you start, to keep bots out."}
        {config?.stand_in && " The video shows Juno, a drawing for development."}
      </span>
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
