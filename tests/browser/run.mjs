// The tests of report.html in a browser: node run.mjs --varprop EXE --report DIR, where DIR is the build's copy of report/ with its
// node_modules. Ends with 77 (skipped) where the page was not built or there is no browser.
import { after } from "node:test";

import { missing, prepare } from "./report_page.mjs";

const reason = missing();
if (reason) {
  console.log(`Skipped: ${reason}`);
  process.exit(77);
}
const close = await prepare();
after(close);
await import("./test_charts.mjs");
await import("./test_phase_diagram.mjs");
await import("./test_profile.mjs");
await import("./test_laws.mjs");
await import("./test_regime_table.mjs");
await import("./test_selection.mjs");
await import("./test_appearance.mjs");
await import("./test_foreign_text.mjs");
await import("./test_figures.mjs");
