import { signal } from "@preact/signals";

/** The dialog on screen, or null. */
export const openDialog = signal<"help" | "flatten" | null>(null);

/** Closes what is open. */
export function closeDialog(): void {
  openDialog.value = null;
}
