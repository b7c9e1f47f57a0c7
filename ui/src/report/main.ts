import { mount } from "svelte";
import "$lib/theme.css";
import { read } from "$lib/visible";
import Report from "./Report.svelte";
import type { Told } from "./told";

const data = document.getElementById("tocsin-data");
const target = document.getElementById("app");
if (!data || !target) throw new Error("the report has lost its data");
export default mount(Report, { target, props: { told: read<Told>(data.textContent) } });
