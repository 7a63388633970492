/** Which page is shown, by the part of the address after `#`. */
import { signal } from "@preact/signals";

/** A page by its address. */
export type PageName = "overview" | "market" | "orders" | "risk" | "vaults";

/** Pages in order, with the key that follows `G`. */
export const PAGES: Readonly<Record<PageName, { readonly title: string; readonly key: string }>> = {
  overview: { title: "Overview", key: "O" },
  market: { title: "Market", key: "M" },
  orders: { title: "Orders", key: "A" },
  risk: { title: "Risk", key: "R" },
  vaults: { title: "Vaults", key: "V" },
};

const isPage = (name: string): name is PageName => Object.hasOwn(PAGES, name);

function fromAddress(): PageName {
  const name = location.hash.replace(/^#\/?/, "").split("/", 1)[0] ?? "";
  return isPage(name) ? name : "market";
}

/** The page on screen; the market's unless the address says otherwise. */
export const shownPage = signal<PageName>(fromAddress());

/** Goes to a page; the way back is the browser's. */
export function goTo(page: PageName): void {
  location.hash = `#/${page}`;
}

/** Follows the address. */
export function startRoutes(): void {
  window.addEventListener("hashchange", () => {
    shownPage.value = fromAddress();
  });
}
