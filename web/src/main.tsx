import "@fontsource/archivo-black";
import "@fontsource-variable/space-grotesk";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { openDailyRoom } from "./avatar/open";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

// A constant of the build: a production build drops the import, and with it everything in dev/.
const openRoom =
  import.meta.env.MODE === "development"
    ? (await import("./dev/room")).withStandIn(openDailyRoom)
    : openDailyRoom;

createRoot(root).render(
  <StrictMode>
    <App openRoom={openRoom} />
  </StrictMode>,
);
