// Light and dark: the system's choice, unless the reader makes another.

const CHOICES = [
  ["system", "as the system"],
  ["light", "light"],
  ["dark", "dark"],
];
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** Dispatches "change" when the colours change. */
export class Theme extends EventTarget {
  constructor() {
    super();
    this.choose("system");
    dark.addEventListener("change", () => this.choose(this.choice));
  }

  get choices() {
    return CHOICES;
  }

  choose(choice) {
    this.choice = choice;
    const before = this.name;
    this.name = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.theme = this.name;
    if (before !== undefined && before !== this.name) this.dispatchEvent(new Event("change"));
  }
}
