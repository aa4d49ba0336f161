import { type AnchorHTMLAttributes, createContext, use } from "react";
import type { Navigate } from "./route";

/** How links change the page; without it they load the new page from the server. */
export const Navigation = createContext<Navigate | null>(null);

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
  to: string;
}

/** A link that does not reload the page. New tabs and windows are left to the browser. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const navigate = use(Navigation);
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        onClick?.(event);
        const plain =
          event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!navigate || !plain || event.defaultPrevented) return;
        event.preventDefault();
        navigate(to);
      }}
    />
  );
}
