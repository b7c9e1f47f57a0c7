import { vi } from "vitest";

// What the test's page lacks and components use.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
HTMLElement.prototype.showPopover ??= vi.fn();
HTMLElement.prototype.hidePopover ??= vi.fn();
