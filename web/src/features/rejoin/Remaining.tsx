import { useEffect, useState } from "react";
import { clock } from "../../ui/time";

interface RemainingProps {
  /** Seconds that were left at `at`, in milliseconds of the page's clock; `null`: nobody knows. */
  seconds: number | null;
  at: number;
}

/** How much time an interview has left, counted down each second: its clock runs although nobody is in it. */
export function Remaining({ seconds, at }: RemainingProps) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (seconds === null) return <>The clock keeps running.</>;
  const left = Math.max(0, seconds - Math.max(0, now - at) / 1000);
  return (
    <>
      The clock keeps running: <strong data-testid="left">{clock(left)}</strong> left.
    </>
  );
}
