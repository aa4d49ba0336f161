import type { ReactNode } from "react";

/** Icons with the same thick line as everything else. */
function Icon({ children, size = 22 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap="square"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const Arrow = () => (
  <Icon size={26}>
    <path d="M3 12h16M13 5l7 7-7 7" />
  </Icon>
);

export const Cross = () => (
  <Icon size={16}>
    <path d="M4 4l16 16M20 4L4 20" />
  </Icon>
);

export const Page = () => (
  <Icon size={34}>
    <path d="M5 2h9l6 6v14H5zM13 2v7h7M9 14h7M9 18h5" strokeWidth="2.4" />
  </Icon>
);

export const Tick = () => (
  <Icon>
    <path d="M4 13l5 5L20 6" />
  </Icon>
);

export const Pause = () => (
  <Icon>
    <path d="M7 4v16M17 4v16" strokeWidth="5" />
  </Icon>
);

export const Microphone = () => (
  <Icon>
    <path d="M9 3h6v10H9zM4 11v2c0 4 4 5 8 5s8-1 8-5v-2M12 18v4" strokeWidth="2.6" />
  </Icon>
);

export const Camera = () => (
  <Icon>
    <path d="M2 6h13v12H2zM15 11l7-4v10l-7-4" strokeWidth="2.6" />
  </Icon>
);

export const Film = ({ off = false }: { off?: boolean }) => (
  <Icon>
    <path d="M3 5h18v14H3zM10 9.5v5l4.5-2.5z" strokeWidth="2.6" />
    {off && <path d="M3 3l18 18" strokeWidth="2.6" />}
  </Icon>
);

export const Keyboard = () => (
  <Icon>
    <path d="M2 5h20v14H2zM6 9.5h.1M10 9.5h.1M14 9.5h.1M18 9.5h.1M7 15h10" strokeWidth="2.6" />
  </Icon>
);

export const Sound = () => (
  <Icon>
    <path d="M3 9h4l6-5v16l-6-5H3zM17 9v6M21 6v12" strokeWidth="2.6" />
  </Icon>
);

export const Download = () => (
  <Icon size={18}>
    <path d="M12 3v12M6 10l6 6 6-6M3 21h18" />
  </Icon>
);

export const Bin = () => (
  <Icon size={20}>
    <path d="M3 6h18M9 6V3h6v3M6 6l1 15h10l1-15" strokeWidth="2.6" />
  </Icon>
);

export const Leave = () => (
  <Icon>
    <path d="M10 3H3v18h7M9 12h12M15 6l6 6-6 6" />
  </Icon>
);
