import { renderToString } from "react-dom/server";
import { Hero } from "../features/setup/Hero";
import { Shell } from "./Shell";

/**
 * The start page before its script runs, as HTML: the name, the steps, and what the site is for. The build writes it into
 * index.html, so that a phone shows it a second earlier. App begins with the same elements and takes them over.
 */
export function firstPicture(): string {
  return renderToString(
    <Shell page="setup" config={null} first>
      <Hero minutes={null} first />
    </Shell>,
  );
}
