// Chromium without a window, driven by playwright-core.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

// What keeps it to itself; as root it has no sandbox of its own.
const FLAGS = [
  "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** Where the browser is; undefined where there is none. */
export function browserPath() {
  const folders = process.env.PATH.split(delimiter);
  const candidates = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(existsSync);
}

/** A browser with a profile of its own. `modules`: a folder with node_modules; `home`: where the browser may leave files */
export function startBrowser(modules, home) {
  const { chromium } = createRequire(join(modules, "package.json"))("playwright-core");
  return chromium.launch({ executablePath: browserPath(), args: FLAGS, timeout: 300_000, env: { ...process.env, HOME: home } });
}
