import { createContext, type ReactNode, use, useEffect, useRef } from "react";

/** What the page calls itself, as its operator has named it. */
export const SiteName = createContext("Interviewer");

interface PageTitleProps {
  /** The browser tab's title; the site's name is added. */
  tab: string;
  className?: string | undefined;
  /** Shown by the pointer: the whole text, where the heading is cut. */
  title?: string;
  /** Takes the focus when it appears. Used where the page changes without its address. */
  arrives?: boolean;
  children: ReactNode;
}

/** A page's h1. It names the browser tab, and gets the focus when the person comes from another page of this site. */
export function PageTitle({ tab, className, title, arrives = false, children }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const site = use(SiteName);

  useEffect(() => {
    document.title = `${tab} · ${site}`;
  }, [tab, site]);

  useEffect(() => {
    if (arrives) heading.current?.focus();
  }, [arrives]);

  return (
    <h1 ref={heading} tabIndex={-1} className={className} title={title}>
      {children}
    </h1>
  );
}
