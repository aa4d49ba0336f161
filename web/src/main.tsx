import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { createApi } from "./api/client";
import { App } from "./app/App";
import { openDailyRoom } from "./avatar/open";

/** How long the first picture waits for the configuration. Without it the page shows what it knows, and loads it again. */
const CONFIG_MS = 500;

// No await outside of a function: the build would put what pages share into many small files, each a request of its own.
async function show(root: HTMLElement): Promise<void> {
  // index.html has loaded it meanwhile: the first picture has the site's name and colour, and nothing moves afterwards.
  const configured = await Promise.race([
    createApi()
      .config()
      .catch(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), CONFIG_MS)),
  ]);

  // A constant of the build: a production build drops the import, and with it everything in dev/.
  const openRoom =
    import.meta.env.MODE === "development"
      ? (await import("./dev/room")).withStandIn(openDailyRoom)
      : openDailyRoom;

  // The start page's document has its first picture already (app/firstPicture.tsx).
  const drawn = window.location.pathname === "/" && root.hasChildNodes();
  const site = (
    <StrictMode>
      <App openRoom={openRoom} configured={configured} drawn={drawn} />
    </StrictMode>
  );
  if (drawn) hydrateRoot(root, site);
  else createRoot(root).render(site);
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
void show(root);
