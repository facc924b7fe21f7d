/** Which colours are shown: as the system, always light or always dark; the choice is kept in this browser. */
import { useSyncExternalStore } from "react";

import { readStored, writeStored } from "./storage";
import type { ColorMode } from "./tokens";

export type ColorChoice = "system" | ColorMode;

const KEY = "hutong.theme"; // also read by app/boot.js
const DARK = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

function choice(): ColorChoice {
  const stored = readStored(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

let lightOnly = false;

function shown(): ColorMode {
  if (lightOnly) return "light";
  const chosen = choice();
  if (chosen !== "system") return chosen;
  return window.matchMedia(DARK).matches ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(DARK);
  const changed = () => {
    document.documentElement.dataset.theme = shown();
    listener();
  };
  listeners.add(changed);
  media.addEventListener("change", changed);
  window.addEventListener("storage", changed);
  return () => {
    listeners.delete(changed);
    media.removeEventListener("change", changed);
    window.removeEventListener("storage", changed);
  };
}

export function setColorChoice(next: ColorChoice): void {
  writeStored(KEY, next === "system" ? null : next);
  document.documentElement.dataset.theme = shown();
  listeners.forEach((listener) => {
    listener();
  });
}

/** Light while something is put on paper, whatever is chosen. */
export function showLight(only: boolean): void {
  lightOnly = only;
  document.documentElement.dataset.theme = shown();
  listeners.forEach((listener) => {
    listener();
  });
}

export function useColorMode(): { choice: ColorChoice; mode: ColorMode } {
  return { choice: useSyncExternalStore(subscribe, choice), mode: useSyncExternalStore(subscribe, shown) };
}
