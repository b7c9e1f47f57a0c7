// Light or dark, as the reader's system has it or as they chose.

const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

class Theme {
  system = $state(dark?.matches ?? false);
  chosen = $state<"light" | "dark" | null>(null);
  readonly dark = $derived(this.chosen === null ? this.system : this.chosen === "dark");

  constructor() {
    dark?.addEventListener("change", (event) => (this.system = event.matches));
  }

  /** The other one; what the system already says needs no choice. */
  toggle(): void {
    const next = this.dark ? "light" : "dark";
    this.chosen = (next === "dark") === this.system ? null : next;
    if (this.chosen) document.documentElement.dataset.theme = this.chosen;
    else delete document.documentElement.dataset.theme;
  }
}

export const theme = new Theme();
