import { mount } from "svelte";
import "$lib/theme.css";
import App from "./App.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("the page has no place for the workbench");
export default mount(App, { target });
