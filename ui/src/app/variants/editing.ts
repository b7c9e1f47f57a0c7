// Writing back to the case's files: always a preview first, and only what was previewed is written.

import type { components } from "$lib/api";
import { call, type Json } from "../api";

type Schemas = components["schemas"];
export type Preview = Schemas["Preview"];
export type Written = Schemas["Written"];
export type Variants = Schemas["Variants"];

/** Changes to be written, as a view of its own or into the case itself. */
export type Edit = {
  as: "variant" | "case";
  variant?: string;
  id?: string;
  name?: string;
  text?: string;
  replace?: boolean;
  changes: Readonly<Record<string, Json>>;
  without: readonly string[];
};

const address = (id: string, what: string) => `/api/cases/${encodeURIComponent(id)}/${what}`;

export const editing = {
  variants: (id: string, signal?: AbortSignal) =>
    call<Variants>("GET", address(id, "variants"), undefined, signal),
  preview: (id: string, edit: Edit) => call<Preview>("POST", address(id, "edits"), edit),
  /** 409 if a file is no longer the one that was previewed. */
  write: (id: string, edit: Edit, preview: Preview) =>
    call<Written>("POST", address(id, "edits/write"), {
      ...edit,
      before: Object.fromEntries(preview.files.map((file) => [file.name, file.before])),
    }),
};
