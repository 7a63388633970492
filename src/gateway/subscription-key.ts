import type { Subscription } from "./feed-port.ts";

/** Options that mean the same left out, null, empty or false. */
const isDefault = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || value === false;

/** One text for all ways to write a subscription: sorted keys, lower-case addresses, no defaults. */
export function subscriptionKey(subscription: Subscription): string {
  const keys = Object.keys(subscription)
    .filter((key) => !isDefault(subscription[key]))
    .sort();
  return JSON.stringify(
    keys.map((key) => {
      const value = subscription[key];
      return [key, key === "user" && typeof value === "string" ? value.toLowerCase() : value];
    }),
  );
}

/** User of a subscription about a user, in lower case, or null. */
export const subscribedUser = ({ user }: Subscription): string | null =>
  typeof user === "string" ? user.toLowerCase() : null;
