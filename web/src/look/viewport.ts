import { signal } from "@preact/signals";

const narrow = matchMedia("(max-width: 600px)");

/** Whether the page is shown on something held in a hand. */
export const isPhone = signal(narrow.matches);

narrow.addEventListener("change", ({ matches }) => {
  isPhone.value = matches;
});
