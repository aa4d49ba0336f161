import { type ReactNode, useEffect, useRef } from "react";

interface PageTitleProps {
  /** The browser tab's title; the product's name is added. */
  tab: string;
  className?: string | undefined;
  /** Takes the focus as it appears: the page has changed and the address has not, so that nobody else moves it. */
  arrives?: boolean;
  children: ReactNode;
}

/** A page's h1. It names the tab; the focus comes here when a person arrives from another page of ours. */
export function PageTitle({ tab, className, arrives = false, children }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${tab} · Interviewer`;
  }, [tab]);

  useEffect(() => {
    if (arrives) heading.current?.focus();
  }, [arrives]);

  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
