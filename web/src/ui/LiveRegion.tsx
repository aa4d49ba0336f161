import { createContext, type ReactNode, useContext } from "react";

const Inside = createContext(false);

interface LiveRegionProps {
  className?: string | undefined;
  children: ReactNode;
}

/**
 * Screen readers announce what appears in here when they are idle. It stands in the page before its text comes: many of
 * them miss a region that appears together with its text.
 */
export function LiveRegion({ className, children }: LiveRegionProps) {
  return (
    <div role="status" aria-atomic="false" className={className}>
      <Inside value={true}>{children}</Inside>
    </div>
  );
}

/** Whether the component is in a region whose additions are announced. */
export function useLive(): boolean {
  return useContext(Inside);
}
